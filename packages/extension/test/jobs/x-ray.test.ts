import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { describe, expect, it, onTestFinished } from 'vitest';
import { formatSubsegment, sendToXRay } from '../../src/jobs/x-ray.ts';

const ROOT = '1-5759e988-bd862e3fe1be46a994272793';
const TRACE = `Root=${ROOT};Parent=53995c3f42cd8ad8;Sampled=1;Lineage=a:0`;
const ended = {
  name: 'jobs/report.handler',
  attempt: { jobId: 'request-1.1', attempt: 2, traceId: TRACE },
  result: { status: 'succeeded' },
  startedAtMs: 1_800_000_000_123,
  endedAtMs: 1_800_000_001_456,
} as const;

describe('the subsegment of an attempt', () => {
  it('is below the segment of the function, with the times in seconds', () => {
    expect(JSON.parse(formatSubsegment(ended) ?? '')).toEqual({
      type: 'subsegment',
      name: 'jobs/report.handler',
      id: expect.stringMatching(/^[\da-f]{16}$/),
      trace_id: ROOT,
      parent_id: '53995c3f42cd8ad8',
      start_time: 1_800_000_000.123,
      end_time: 1_800_000_001.456,
      annotations: { jobId: 'request-1.1', attempt: 2 },
    });
  });

  it('is a fault with its cause when the attempt has failed', () => {
    const result = {
      status: 'failed',
      cause: 'handler',
      retriable: true,
      errorType: 'RangeError',
      errorMessage: 'too far '.repeat(2_000),
      stackTrace: [],
    } as const;

    const { fault, cause } = JSON.parse(formatSubsegment({ ...ended, result }) ?? '');

    expect(fault).toBe(true);
    expect(cause.exceptions).toMatchObject([{ type: 'RangeError' }]);
    expect(cause.exceptions[0].message.length).toBeLessThan(8_300);
  });

  it('has a name that X-Ray takes', () => {
    const name = `jobs/größe "1".handler${'x'.repeat(300)}`;

    expect(JSON.parse(formatSubsegment({ ...ended, name }) ?? '').name).toMatch(
      /^jobs\/größe 1\.handlerx{180}$/,
    );
  });

  it.each([
    [''],
    ['Root=1-2'],
    [TRACE.replace('Sampled=1', 'Sampled=0')],
    [TRACE.replace('Parent', 'Child')],
  ])('is not there without a sampled trace: %s', (traceId) => {
    const attempt = { ...ended.attempt, traceId };

    expect(formatSubsegment({ ...ended, attempt })).toBeUndefined();
  });
});

describe('a document for X-Ray', () => {
  it('is a datagram to the daemon, behind a header', async () => {
    const daemon = createSocket('udp4');
    onTestFinished(() => void daemon.close());
    daemon.bind(0, '127.0.0.1');
    await once(daemon, 'listening');

    sendToXRay('{}', `127.0.0.1:${daemon.address().port}`);

    const [message] = await once(daemon, 'message');
    expect(String(message)).toBe('{"format":"json","version":1}\n{}');
  });

  it.each([
    [''],
    ['nowhere'],
    ['127.0.0.1:0'],
    ['127.0.0.1:99999'],
    ['[::1]:9'],
    ['tcp:127.0.0.1:2000 udp:127.0.0.1:2000'],
    ['no such host.invalid:2000'],
  ])('fails nothing when the address is %j', (address) => {
    expect(() => sendToXRay('{}', address)).not.toThrow();
  });
});
