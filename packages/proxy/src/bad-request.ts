import type { Refusal } from './check-event.ts';

/** The response for a refused request, as all kinds of APIs take it. */
export function badRequest(event: object, refusal: Refusal): object {
  const contentType = 'application/json';
  return {
    statusCode: 400,
    // A load balancer takes only the kind of headers that it sends.
    ...('multiValueHeaders' in event && !('headers' in event)
      ? { multiValueHeaders: { 'content-type': [contentType] } }
      : { headers: { 'content-type': contentType } }),
    body: JSON.stringify(refusal),
    isBase64Encoded: false,
  };
}
