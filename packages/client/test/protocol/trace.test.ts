import { describe, expect, it } from 'vitest';
import { readTrace } from '../../src/protocol/index.ts';

const TRACEPARENT = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

describe('a trace', () => {
  it('is three headers, in any letter case, and nothing else', () => {
    const headers = { TRACEPARENT, TraceState: 'a=1', baggage: 'b=2', host: 'x', constructor: 'y' };

    expect(readTrace(headers)).toEqual({
      traceparent: TRACEPARENT,
      tracestate: 'a=1',
      baggage: 'b=2',
    });
  });

  it.each([
    ['another length', `${TRACEPARENT}0`],
    ['upper case', TRACEPARENT.toUpperCase()],
    ['the version ff', TRACEPARENT.replace('00', 'ff')],
    ['no trace id', `00-${'0'.repeat(32)}-b7ad6b7169203331-01`],
    ['no span id', `00-0af7651916cd43dd8448eb211c80319c-${'0'.repeat(16)}-01`],
    ['no text', [TRACEPARENT]],
  ])('has no traceparent with %s, and then no tracestate', (_, traceparent) => {
    expect(readTrace({ traceparent, tracestate: 'a=1', baggage: 'b=2' })).toEqual({
      baggage: 'b=2',
    });
  });

  it.each([
    ['tracestate', 512],
    ['baggage', 8_192],
  ] as const)('has a %s of %i characters at most, all of them printable', (name, longest) => {
    const read = (value: string) => readTrace({ traceparent: TRACEPARENT, [name]: value })?.[name];

    expect(read('x'.repeat(longest))).toHaveLength(longest);
    expect(read('x'.repeat(longest + 1))).toBeUndefined();
    expect(read('a\nb')).toBeUndefined();
  });

  it.each([[undefined], [null], ['text'], [[]], [{ tracestate: 'a=1' }]])(
    'is not in %j',
    (carrier) => {
      expect(readTrace(carrier)).toBeUndefined();
    },
  );
});
