export interface EventBody {
  readonly body?: string;
  readonly isBase64Encoded: boolean;
}

// What counts as text was found out on AWS (ministack pull request 766); the guide does not list it. Also
// forms, and bodies without a content type, arrive as base64.
const TEXT = /^\s*(?:text\/[^;]+|application\/(?:json|xml|javascript))\s*(?:;|$)/i;

/** A request body as HTTP APIs and function URLs give it to functions. */
export function encodeBody(body: Buffer, contentType: string | undefined): EventBody {
  if (body.length === 0) return { isBase64Encoded: false };
  return TEXT.test(contentType ?? '')
    ? { body: body.toString('utf8'), isBase64Encoded: false }
    : { body: body.toString('base64'), isBase64Encoded: true };
}
