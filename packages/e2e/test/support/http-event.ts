/** An event of an API Gateway HTTP API, payload format 2.0, as far as adapters read it. */
export function httpEvent({
  method = 'GET',
  path = '/orders/7',
  headers = {},
  body,
}: {
  method?: string;
  path?: string;
  headers?: Record<string, string>;
  body?: string;
} = {}) {
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: '',
    headers: { host: 'example.execute-api.eu-west-1.amazonaws.com', ...headers },
    requestContext: {
      accountId: '123456789012',
      apiId: 'example',
      domainName: 'example.execute-api.eu-west-1.amazonaws.com',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '203.0.113.7', userAgent: 'test' },
      requestId: 'gateway-request-1',
      routeKey: '$default',
      stage: '$default',
      time: '22/Nov/2026:12:00:00 +0000',
      timeEpoch: 1_795_348_800_000,
    },
    body,
    isBase64Encoded: false,
  };
}
