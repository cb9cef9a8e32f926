import { describe, expect, it } from 'vitest';
import type { ReportEvent } from '../../src/report/report-event.ts';
import { wantsColors } from '../../src/report/style.ts';
import { createTimeline, type TimelineOptions } from '../../src/report/timeline.ts';

function timelineOf(events: ReportEvent[], options: Partial<TimelineOptions> = {}): string {
  const render = createTimeline({
    colors: false,
    verbose: false,
    responses: false,
    functionNames: ['order', 'newsletter'],
    clock: (at) => `${at}`.padStart(5),
    ...options,
  });
  return events.flatMap(render).join('\n');
}

const lambda = { functionName: 'order', environmentId: 'e1', requestId: 'r1' };

const ONE_REQUEST: ReportEvent[] = [
  {
    at: 0,
    request: 1,
    type: 'http.request',
    method: 'GET',
    target: '/order?id=1',
    functionName: 'order',
    routeKey: 'GET /order',
  },
  { at: 1, ...lambda, type: 'environment.starting', cause: 'request' },
  {
    at: 90,
    ...lambda,
    type: 'extension.registered',
    name: 'async-http',
    events: ['INVOKE', 'SHUTDOWN'],
  },
  { at: 100, ...lambda, type: 'init.done', durationMs: 99.4 },
  {
    at: 100,
    ...lambda,
    type: 'log',
    source: 'platform',
    line: 'START RequestId: r1 Version: $LATEST\n',
  },
  { at: 101, ...lambda, type: 'invoke.start' },
  {
    at: 102,
    ...lambda,
    type: 'log',
    source: 'function',
    line: '2026-11-22T14:00:00.000Z\tr1\tINFO\torder 1 accepted',
  },
  { at: 110, ...lambda, type: 'response', durationMs: 9, bytes: 1234 },
  {
    at: 112,
    request: 1,
    type: 'http.response',
    statusCode: 202,
    durationMs: 112,
    functionName: 'order',
    requestId: 'r1',
    environmentId: 'e1',
  },
  { at: 113, ...lambda, type: 'runtime.done', durationMs: 11, status: 'success' },
  {
    at: 2100,
    ...lambda,
    type: 'log',
    source: 'extension',
    line: '2026-11-22T14:00:02.000Z\tr1\tWARN\tinvoice is late\rvery late',
  },
  { at: 2122, ...lambda, type: 'extension.next', name: 'async-http' },
  { at: 2123, ...lambda, type: 'invoke.end', durationMs: 2023, tailMs: 2013, status: 'success' },
  { at: 2124, ...lambda, type: 'frozen' },
];

describe('the timeline', () => {
  it('of a request reads: request, response, background work, tail, freeze', () => {
    expect(timelineOf(ONE_REQUEST)).toMatchInlineSnapshot(`
      "    0  order         GET /order?id=1  #1
          1  order·1       starting an environment
        100  order·1       ready after 99 ms
        102  order·1         order 1 accepted
        112  order·1       → 202 in 112 ms  #1
       2100  order·1         WARN invoice is late
       2100  order·1         very late
       2123  order·1       tail 2,013 ms
       2124  order·1       environment frozen"
    `);
  });

  it('shows a remark of the emulator once, even when it is about several functions', () => {
    const remark = (functionName: string, line: string): ReportEvent => ({
      at: 1,
      functionName,
      environmentId: '',
      type: 'log',
      source: 'platform',
      line,
    });

    expect(
      timelineOf([
        remark('order', 'no room'),
        remark('newsletter', 'no room'),
        remark('order', 'x'),
      ]),
    ).toBe('    1  ! no room\n    1  ! x');
  });

  it('shows with --verbose what the platform and extensions do', () => {
    expect(timelineOf(ONE_REQUEST, { verbose: true })).toMatchInlineSnapshot(`
      "    0  order         GET /order?id=1  #1
          1  order·1       starting an environment
         90  order·1       extension async-http registered for INVOKE, SHUTDOWN
        100  order·1       ready after 99 ms
        100  order·1         START RequestId: r1 Version: $LATEST
        101  order·1       invoke r1
        102  order·1         order 1 accepted
        110  order·1       → response in 9 ms, 1,234 bytes
        112  order·1       → 202 in 112 ms  #1
        113  order·1       function done after 11 ms: success
       2100  order·1         WARN invoice is late
       2100  order·1         very late
       2122  order·1       extension async-http is ready for the next event
       2123  order·1       tail 2,013 ms
       2124  order·1       environment frozen"
    `);
  });

  it('distinguishes simultaneous requests by environment', () => {
    expect(
      timelineOf([
        {
          at: 0,
          request: 1,
          type: 'http.request',
          method: 'GET',
          target: '/a',
          functionName: 'order',
        },
        {
          at: 1,
          request: 2,
          type: 'http.request',
          method: 'GET',
          target: '/a',
          functionName: 'order',
        },
        {
          at: 2,
          request: 3,
          type: 'http.request',
          method: 'GET',
          target: '/b',
          functionName: 'newsletter',
        },
        { at: 3, ...lambda, type: 'log', source: 'function', line: 'first' },
        { at: 4, ...lambda, environmentId: 'e2', type: 'log', source: 'function', line: 'second' },
        {
          at: 5,
          ...lambda,
          functionName: 'newsletter',
          environmentId: 'e3',
          type: 'log',
          source: 'function',
          line: 'third',
        },
        {
          at: 6,
          request: 2,
          type: 'http.response',
          statusCode: 200,
          durationMs: 5,
          functionName: 'order',
          environmentId: 'e2',
        },
        {
          at: 7,
          request: 1,
          type: 'http.response',
          statusCode: 200,
          durationMs: 7,
          functionName: 'order',
          environmentId: 'e1',
        },
      ]),
    ).toMatchInlineSnapshot(`
      "    0  order         GET /a  #1
          1  order         GET /a  #2
          2  newsletter    GET /b  #3
          3  order·1         first
          4  order·2         second
          5  newsletter·1    third
          6  order·2       → 200 in 5 ms  #2
          7  order·1       → 200 in 7 ms  #1"
    `);
  });

  it('says what went wrong', () => {
    expect(
      timelineOf([
        { at: 0, request: 1, type: 'http.request', method: 'GET', target: '/none' },
        { at: 1, request: 1, type: 'http.response', statusCode: 404, durationMs: 1 },
        {
          at: 2,
          ...lambda,
          type: 'init.failed',
          errorType: 'Runtime.ImportModuleError',
          message: 'Cannot find module x',
        },
        {
          at: 3,
          ...lambda,
          type: 'log',
          source: 'function',
          line: '2026-11-22T14:00:00.000Z\tr1\tERROR\tInvoke Error \t{"errorType":"Error","errorMessage":"no","stack":["Error: no","    at handler (/var/task/index.js:1:1)","    at run (file:///var/runtime/index.mjs:1:1)"]}',
        },
        {
          at: 4,
          request: 2,
          type: 'http.response',
          statusCode: 500,
          durationMs: 3,
          functionName: 'order',
          environmentId: 'e1',
          problem: 'the function failed',
        },
        { at: 5, ...lambda, type: 'timeout' },
        { at: 6, ...lambda, type: 'invoke.end', durationMs: 3000, tailMs: 2900, status: 'timeout' },
        { at: 7, ...lambda, type: 'crash', process: 'runtime', errorType: 'Runtime.ExitError' },
        { at: 8, ...lambda, type: 'environment.starting', cause: 'reset' },
        { at: 9, ...lambda, type: 'shutdown.start', reason: 'spindown' },
        { at: 10, ...lambda, type: 'shutdown.done' },
        { at: 11, ...lambda, environmentId: '', type: 'throttled' },
      ]),
    ).toMatchInlineSnapshot(`
      "    0                GET /none (no route)  #1
          1                → 404 in 1 ms  #1
          2  order·1       INIT failed: Runtime.ImportModuleError: Cannot find module x
          3  order·1         ERROR Invoke Error: Error: no
          3  order·1             at handler (/var/task/index.js:1:1)
          4  order·1       → 500 in 3 ms: the function failed  #2
          5  order·1       the function timed out; its environment is reset
          6  order·1       tail 2,900 ms, ended with timeout
          7  order·1       runtime crashed: Runtime.ExitError; the environment is reset
          8  order·1       starting again after a reset
          9  order·1       shutting down (spindown)
         10  order·1       environment gone
         11  order         throttled: every environment that the function may have is busy"
    `);
  });

  it('shows the message of an error that names a place of the runtime', () => {
    const stack = [
      'Error: cannot be loaded (at /var/runtime/preload.cjs:37)',
      '    at /var/task/a.js:1:1',
    ];

    expect(
      timelineOf([
        {
          at: 1,
          ...lambda,
          type: 'log',
          source: 'function',
          line: `2026-11-22T14:00:00.000Z\tr1\tERROR\tInvoke Error \t${JSON.stringify({ stack })}`,
        },
      ]),
    ).toContain('Invoke Error: Error: cannot be loaded (at /var/runtime/preload.cjs:37)');
  });

  it('shows the response of Lambda where there is no HTTP response', () => {
    expect(
      timelineOf(
        [
          { at: 1, ...lambda, type: 'response', durationMs: 9, bytes: 10 },
          {
            at: 2,
            ...lambda,
            type: 'response',
            durationMs: 1234,
            bytes: 10,
            functionError: 'Unhandled',
          },
        ],
        { responses: true },
      ),
    ).toMatchInlineSnapshot(`
      "    1  order·1       → response in 9 ms
          2  order·1       → Unhandled in 1,234 ms"
    `);
  });

  it('has colours only when asked for', () => {
    const event: ReportEvent = { at: 1, ...lambda, type: 'frozen' };
    expect(timelineOf([event], { colors: true })).toContain('\u001b[2m');
    expect(timelineOf([event])).not.toContain('\u001b');
  });
});

describe('colours', () => {
  it.each([
    ['a terminal', { isTTY: true }, {}, true],
    ['a pipe', {}, {}, false],
    ['a dumb terminal', { isTTY: true }, { TERM: 'dumb' }, false],
    ['NO_COLOR on a terminal', { isTTY: true }, { NO_COLOR: '1' }, false],
    ['FORCE_COLOR on a pipe', {}, { FORCE_COLOR: '1' }, true],
    ['FORCE_COLOR=0 on a terminal', { isTTY: true }, { FORCE_COLOR: '0' }, false],
  ])('%s', (_, stream, env, expected) => {
    expect(wantsColors(stream, env)).toBe(expected);
  });
});
