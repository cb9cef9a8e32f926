import { describe, expect, it } from 'vitest';
import type { Recording } from '../../src/recording/recording.ts';
import { redact, secretsIn } from '../../src/recording/redact.ts';

const SECRET = 'hunter2-hunter2';

const recordingOf = (text: string, line = text): Recording => ({
  version: 1,
  startedAt: 0,
  functions: [],
  forgotten: 0,
  entries: [
    {
      seq: 0,
      event: {
        at: 1,
        functionName: 'f',
        environmentId: 'e',
        type: 'log',
        source: 'function',
        line,
      },
    },
  ],
  payloads: { r: { event: { text, bytes: text.length, isCut: false } } },
});

/** What remains of a text in a payload and in a log line. */
function redacted(text: string, secrets: readonly string[] = []): string {
  const { entries, payloads } = redact(recordingOf(text), secrets);
  const line = entries.map(({ event }) => (event.type === 'log' ? event.line : '')).join();
  expect(payloads?.r?.event?.text).toBe(line);
  return line;
}

describe('secrets in headers', () => {
  it.each([
    ['authorization', `Bearer ${SECRET}`],
    ['Authorization', `Basic ${SECRET}`],
    ['cookie', `session=${SECRET}`],
    ['Set-Cookie', `session=${SECRET}; Path=/`],
    ['x-api-key', SECRET],
    ['X-Amz-Security-Token', SECRET],
    ['x-csrf-token', SECRET],
    ['proxy-authorization', SECRET],
  ])('%s is left out', (name, value) => {
    const event = JSON.stringify({ headers: { accept: '*/*', [name]: value, host: 'a' } });

    expect(JSON.parse(redacted(event))).toEqual({
      headers: { accept: '*/*', [name]: '[redacted]', host: 'a' },
    });
  });

  it('lists are left out too: cookies, and headers of format 1.0', () => {
    const event = JSON.stringify({
      cookies: [`a=${SECRET}`, 'b=]"'],
      multiValueHeaders: { Authorization: [SECRET], accept: ['a', 'b'] },
    });

    expect(JSON.parse(redacted(event))).toEqual({
      cookies: '[redacted]',
      multiValueHeaders: { Authorization: '[redacted]', accept: ['a', 'b'] },
    });
  });
});

it.each([
  [
    'a field of a body',
    JSON.stringify({ body: JSON.stringify({ password: SECRET, user: 'joe' }) }),
  ],
  [
    'a field with quotes in its value',
    JSON.stringify({ clientSecret: `"${SECRET}"`, user: 'joe' }),
  ],
  [
    'a field in JSON in JSON',
    JSON.stringify({ a: JSON.stringify({ b: JSON.stringify({ apiKey: SECRET, user: 'joe' }) }) }),
  ],
  ['a query parameter', `GET /?access_token=${SECRET}&user=joe`],
  ['a form', `{"body":"user=joe&password=${SECRET}"}`],
  ['a URL with a password', `connecting to postgres://joe:${SECRET}@db/shop`],
  ['a bearer token in words', `joe sends Bearer ${SECRET}`],
  ['a header in a printed object', `joe { authorization: '${SECRET}', accept: '*/*' }`],
  [
    'a field at which a payload was cut',
    `{"user":"joe","headers":{"authorization":"Bearer ${SECRET}`,
  ],
])('%s is redacted, and what is around it stays', (_, text) => {
  const left = redacted(text);

  expect(left).not.toContain(SECRET);
  expect(left).toContain('[redacted]');
  expect(left).toContain('joe');
});

it('values of variables that look secret are redacted wherever they are', () => {
  const value = 'pa"ss\\word';
  const secrets = secretsIn({ DB_PASSWORD: value, STRIPE_API_KEY: 'sk_live_123' });

  expect(redacted(`db ${value} ${JSON.stringify({ a: value })} sk_live_123`, secrets)).toBe(
    'db [redacted] {"a":"[redacted]"} [redacted]',
  );
});

it('knows variables that look secret by their names', () => {
  const value = 'a-long-value';
  const names = [
    'DB_PASSWORD',
    'GITHUB_TOKEN',
    'CLIENT_SECRET',
    'STRIPE_API_KEY',
    'AWS_SECRET_ACCESS_KEY',
    'SENTRY_DSN',
  ];
  for (const name of names) expect(secretsIn({ [name]: value }), name).toEqual([value]);
  for (const name of ['TABLE', 'AUTHOR', 'NODE_ENV'])
    expect(secretsIn({ [name]: value }), name).toEqual([]);
  expect(
    secretsIn({ SECRET_ARN: 'arn:aws:secretsmanager:x', TOKEN_TTL: '3600000', API_KEY: 'ab' }),
  ).toEqual([]);
});

it('leaves everything else as it is', () => {
  const text = JSON.stringify({
    path: '/tokens',
    keyboard: 'x',
    cookieCount: 3,
    tasks: [{ id: 1 }],
  });

  expect(redacted(text, ['another secret'])).toBe(text);
});

it('takes no more than seconds for megabytes of hostile text', () => {
  const text = `{"password":"${'\\"'.repeat(100_000)} ${'"token":['.repeat(50_000)} ${'password='.repeat(50_000)}${'://a:'.repeat(50_000)}`;
  const began = performance.now();

  redacted(text);

  expect(performance.now() - began).toBeLessThan(5_000);
});
