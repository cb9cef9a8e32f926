/** An event of an HTTP API (payload format 2.0) that is about `bytes` long as JSON. */
export function apiGatewayEvent(bytes) {
  const event = {
    version: '2.0',
    routeKey: 'POST /orders',
    rawPath: '/orders',
    rawQueryString: '',
    headers: { 'content-type': 'application/json', host: 'api.example.com' },
    requestContext: {
      apiId: 'api',
      http: { method: 'POST', path: '/orders', sourceIp: '192.0.2.1', userAgent: 'curl/8.0' },
      requestId: 'JKJaXmPLvHcESHA=',
      timeEpoch: 1_767_225_600_000,
    },
    body: '',
    isBase64Encoded: false,
  };
  event.body = 'x'.repeat(Math.max(0, bytes - JSON.stringify(event).length));
  return event;
}
