interface Context {
  awsRequestId: string;
  functionName: string;
  functionVersion: string;
  invokedFunctionArn: string;
  memoryLimitInMB: string;
  logGroupName: string;
  logStreamName: string;
  clientContext: unknown;
  identity: unknown;
  getRemainingTimeInMillis: () => number;
}

/** A context as the runtime client of Node.js 24 builds it, with the changes a test asks for. */
export function lambdaContext(changes: Record<string, unknown> = {}): Context {
  return {
    awsRequestId: '8f507cfc-example-request',
    functionName: 'checkout',
    functionVersion: '$LATEST',
    invokedFunctionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:checkout',
    memoryLimitInMB: '512',
    logGroupName: '/aws/lambda/checkout',
    logStreamName: '2026/11/22/[$LATEST]0123456789abcdef',
    clientContext: undefined,
    identity: undefined,
    getRemainingTimeInMillis: () => 30_000,
    ...changes,
  };
}
