import { type HeaderPair, type HttpRequest, headersAsSent } from './http-request.ts';

// They belong to the connection between client and API Gateway.
const HOP_BY_HOP = [
  'connection',
  'expect',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

const REWRITTEN = [
  'content-length',
  'x-amzn-trace-id',
  'x-forwarded-for',
  'x-forwarded-port',
  'x-forwarded-proto',
];

const NOT_PASSED_ON = new Set([...HOP_BY_HOP, ...REWRITTEN]);

/**
 * The headers that reach a function, with their names as sent, and those that AWS adds on the way.
 *
 * @param traceId `Root=1-…`, used when the request has none.
 */
export function passedOnHeaders(request: HttpRequest, traceId: string): HeaderPair[] {
  const { rawHeaders, body, sourceIp, port } = request;
  const sent = headersAsSent(rawHeaders);
  const values = (wanted: string) =>
    sent.filter(([name]) => name.toLowerCase() === wanted).map(([, value]) => value);
  return [
    ...sent.filter(([name]) => !NOT_PASSED_ON.has(name.toLowerCase())),
    ['Content-Length', String(body.length)],
    ['X-Amzn-Trace-Id', values('x-amzn-trace-id')[0] ?? traceId],
    ['X-Forwarded-For', [...values('x-forwarded-for'), sourceIp].join(', ')],
    ['X-Forwarded-Port', String(port)],
    ['X-Forwarded-Proto', 'http'],
  ];
}
