/** The record of an asynchronous invocation, as Lambda's destinations get it. */
export interface InvocationRecord {
  readonly requestContext: {
    readonly requestId?: string;
    readonly functionArn: string;
    readonly condition: string;
    readonly approximateInvokeCount?: number;
  };
  readonly responsePayload?: { readonly errorType?: string; readonly errorMessage?: string } | null;
}

/** @returns undefined for everything else that a message may hold */
export function readInvocationRecord(body: string): InvocationRecord | undefined {
  try {
    const { requestContext, ...rest } = JSON.parse(body);
    const isRecord =
      typeof requestContext?.condition === 'string' && 'functionArn' in requestContext;
    return isRecord ? { requestContext, ...rest } : undefined;
  } catch {
    return undefined;
  }
}
