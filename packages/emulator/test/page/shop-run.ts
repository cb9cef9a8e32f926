import type { PageEntry } from '../../page/state/page-event.ts';
import type { Payloads } from '../../src/recording/recording.ts';
import { consoleLine, Script } from './script.ts';

export const ORDER = 'b3a1c2d4-0000-4000-8000-000000000001';
export const LOOKUP = 'b3a1c2d4-0000-4000-8000-000000000002';
export const SECOND_LOOKUP = 'b3a1c2d4-0000-4000-8000-000000000003';
export const REPORT = 'b3a1c2d4-0000-4000-8000-000000000004';
export const ORDERS_ENVIRONMENT = 'd0f7d6d7-c2b9-4964-815d-f3d10097a559';
export const REPORT_ENVIRONMENT = '92bc12ad-c0e1-4d65-b89d-ef5f057c61b8';

/** When, in ms after the start, the run stands still in the middle of a report. */
export const SHOP_MS = 52_000;

const STACK = `SmtpError: 421 try again later
    at send (src/mail.ts:18:11)
    at handler (src/background.ts:7:3)`;

/**
 * A day in a small shop: an order with a job that needs two attempts, a request that forgets an `await` and whose call is
 * frozen for 40 s, and a report that still runs.
 */
export function shopRun(startAt: number): PageEntry[] {
  const script = new Script(startAt);
  order(script);
  forgottenAwait(script);
  report(script);
  return script.entries;
}

function order(script: Script): void {
  const on = script.environment('orders', ORDERS_ENVIRONMENT);
  const log = (at: number, source: 'function' | 'extension', text: string, level = 'INFO') =>
    on(at, { type: 'log', source, requestId: ORDER, line: consoleLine(ORDER, text, level) });
  const jobId = `${ORDER}.1`;

  const number = script.http(0, 'POST', '/orders', 'orders');
  script.coldStart('orders', ORDERS_ENVIRONMENT, 4, 118);
  on(119, { type: 'invoke.start', requestId: ORDER });
  log(131, 'function', 'order 1042: saved');
  log(180, 'function', 'order 1042: handed the confirmation off');
  on(203, { type: 'response', requestId: ORDER, durationMs: 84, bytes: 64 });
  script.replied(204, number, 202, 204, ORDER);
  on(212, { type: 'runtime.done', requestId: ORDER, durationMs: 93, status: 'success' });
  on(232, { type: 'job.accepted', jobId, requestId: ORDER });
  on(236, { type: 'job.attempt', jobId, requestId: ORDER, attempt: 1 });
  log(240, 'extension', 'confirmation 1042: writing');
  log(620, 'extension', 'confirmation 1042: sending');
  log(911, 'extension', 'SmtpError: 421 try again later', 'WARN');
  on(912, {
    type: 'job.retry',
    jobId,
    requestId: ORDER,
    attempt: 1,
    error: { type: 'SmtpError', message: '421 try again later', stack: STACK },
    nextAttemptInMs: 500,
  });
  on(1_412, { type: 'job.attempt', jobId, requestId: ORDER, attempt: 2 });
  log(1_420, 'extension', 'confirmation 1042: writing');
  log(1_690, 'extension', 'confirmation 1042: sending');
  log(2_100, 'extension', 'confirmation 1042: sent');
  on(2_104, {
    type: 'job.ended',
    jobId,
    requestId: ORDER,
    status: 'succeeded',
    attempts: 2,
    durationMs: 1_872,
    destination: 'arn:aws:sqs:us-east-1:123456789012:confirmations',
  });
  on(2_106, { type: 'extension.next', name: 'async-http', requestId: ORDER });
  on(2_107, {
    type: 'log',
    source: 'platform',
    requestId: ORDER,
    line: `REPORT RequestId: ${ORDER}\tDuration: 1988.20 ms\tBilled Duration: 2103 ms\tMemory Size: 512 MB\tMax Memory Used: 71 MB\tInit Duration: 114.02 ms\t`,
  });
  on(2_107, {
    type: 'invoke.end',
    requestId: ORDER,
    durationMs: 1_988,
    tailMs: 1_904,
    status: 'success',
  });
  on(2_109, { type: 'frozen' });
}

function forgottenAwait(script: Script): void {
  const on = script.environment('orders', ORDERS_ENVIRONMENT);
  const lookup = (at: number, requestId: string) => {
    const number = script.http(at, 'GET', '/orders/1042?expand=customer', 'orders');
    on(at + 1, { type: 'thawed' });
    on(at + 2, { type: 'invoke.start', requestId });
    on(at + 9, {
      type: 'log',
      source: 'function',
      requestId,
      line: consoleLine(requestId, 'order 1042: found'),
    });
    on(at + 21, { type: 'response', requestId, durationMs: 19, bytes: 212 });
    script.replied(at + 22, number, 200, 22, requestId);
    on(at + 23, { type: 'runtime.done', requestId, durationMs: 21, status: 'success' });
    on(at + 23, { type: 'extension.next', name: 'async-http', requestId });
    on(at + 24, { type: 'invoke.end', requestId, durationMs: 22, tailMs: 3, status: 'success' });
  };
  lookup(6_000, LOOKUP);
  on(6_025, {
    type: 'unfinished',
    work: [
      {
        id: 1,
        kind: 'request',
        what: 'fetch POST https://metrics.example/track',
        at: 'src/api.ts:41:3',
        stack: 'track() at src/api.ts:41:3\nhandler at src/api.ts:22:5',
        requestId: LOOKUP,
        ageMs: 12,
      },
    ],
  });
  on(6_025, { type: 'frozen' });
  lookup(46_000, SECOND_LOOKUP);
  on(46_025, {
    type: 'resumed',
    work: [
      {
        id: 1,
        what: 'fetch POST https://metrics.example/track',
        at: 'src/api.ts:41:3',
        outcome: 'failed',
        frozenMs: 39_976,
        requestId: SECOND_LOOKUP,
        message: 'read ECONNRESET, its socket was dead',
      },
    ],
  });
  on(46_026, { type: 'frozen' });
}

function report(script: Script): void {
  const on = script.environment('report', REPORT_ENVIRONMENT);
  const jobId = `${REPORT}.1`;
  const number = script.http(48_000, 'GET', '/report', 'report');
  script.coldStart('report', REPORT_ENVIRONMENT, 48_004, 48_190);
  on(48_191, { type: 'invoke.start', requestId: REPORT });
  on(48_260, { type: 'response', requestId: REPORT, durationMs: 69, bytes: 40 });
  script.replied(48_261, number, 200, 261, REPORT);
  on(48_270, { type: 'runtime.done', requestId: REPORT, durationMs: 79, status: 'success' });
  on(48_290, { type: 'job.accepted', jobId, requestId: REPORT });
  on(48_295, { type: 'job.attempt', jobId, requestId: REPORT, attempt: 1 });
  for (const page of [1, 2, 3]) {
    const line = consoleLine(REPORT, `report: page ${page} of 9 is written`);
    on(48_300 + page * 1_000, { type: 'log', source: 'extension', requestId: REPORT, line });
  }
}

export const SHOP_PAYLOADS: Readonly<Record<string, Payloads>> = {
  [ORDER]: {
    event: payload({
      version: '2.0',
      routeKey: 'POST /orders',
      rawPath: '/orders',
      headers: { 'content-type': 'application/json', 'x-note': "it's" },
      body: '{"article":"tea","count":2}',
      isBase64Encoded: false,
    }),
    response: payload({ statusCode: 202, body: '{"order":1042}' }),
  },
  [LOOKUP]: {
    event: payload({ version: '2.0', routeKey: 'GET /orders/{id}', rawPath: '/orders/1042' }),
    response: payload({ statusCode: 200, body: '{"order":1042,"customer":"Ada"}' }),
  },
};

function payload(value: unknown): { text: string; bytes: number; isCut: boolean } {
  const text = JSON.stringify(value);
  return { text, bytes: text.length, isCut: false };
}
