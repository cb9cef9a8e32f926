import { describe, expect, it } from 'vitest';
import {
  ATTEMPTS_OFFSET,
  attemptDigits,
  formatHead,
  type JobFacts,
  MAX_BODY_BYTES,
  MAX_HEAD_BYTES,
  parseHead,
  RECORD_STATES,
  STATE_OFFSET,
} from '../../src/protocol/job-record.ts';

const JOB: JobFacts = {
  kind: 'job',
  jobId: 'r-1.1',
  requestId: 'r-1',
  deadlineMs: 1_800_000_030_000,
  acceptedAt: 1_800_000_000_000,
  traceId: 'Root=1-2-3;Sampled=1',
};
const RUN: JobFacts = { ...JOB, kind: 'run', originRequestId: 'origin-1', attempt: 3 };

const head = (facts: object = JOB, eventBytes = 11, contextBytes = 22) =>
  Buffer.from(formatHead(facts as JobFacts, eventBytes, contextBytes));

describe('the head of a record', () => {
  it.each([
    ['a job', JOB],
    ['a delivery', { ...JOB, kind: 'delivery' }],
    ['a run', RUN],
    ['a job without a trace', { ...JOB, traceId: undefined }],
  ])('reads as what was written: %s', (_, facts) => {
    const bytes = head(facts);

    expect(parseHead(bytes)).toEqual({
      ...facts,
      state: 'open',
      attempts: 0,
      eventOffset: bytes.length,
      eventBytes: 11,
      contextBytes: 22,
      bytes: bytes.length + 11 + 22 + 1,
    });
  });

  it('is found whatever follows it', () => {
    const bytes = Buffer.concat([
      head(),
      Buffer.from('{"event":1}{"context":"…"}\nasync-http job'),
    ]);

    expect(parseHead(bytes)).toMatchObject({ jobId: 'r-1.1', eventBytes: 11 });
  });

  it('shows state and attempts where they are overwritten in place', () => {
    const bytes = head();
    const length = bytes.length;

    bytes.write(RECORD_STATES.ended, STATE_OFFSET);
    bytes.write(attemptDigits(7), ATTEMPTS_OFFSET);

    expect(parseHead(bytes)).toMatchObject({ state: 'ended', attempts: 7, eventOffset: length });
  });

  it('fits into what a reader reads at once, also with the longest ids and traces', () => {
    const longest = '"'.repeat(512); // Which JSON writes as two characters each.
    const ids = { jobId: longest, originRequestId: longest, traceId: longest };
    const facts = { ...RUN, ...ids, requestId: 'x'.repeat(256) };
    const bytes = head(facts, MAX_BODY_BYTES - 1, 1);

    expect(bytes.length).toBeLessThanOrEqual(MAX_HEAD_BYTES);
    expect(parseHead(bytes)).toMatchObject(facts);
  });
});

describe('a head that is torn', () => {
  it('is not accepted, wherever it ends', () => {
    const bytes = head(RUN);

    for (let length = 0; length < bytes.length; length += 1) {
      expect(parseHead(bytes.subarray(0, length)), `${length} bytes`).toBeUndefined();
    }
  });

  it('is not searched for beyond its largest length', () => {
    const bytes = Buffer.concat([head({ ...JOB, requestId: 'x'.repeat(MAX_HEAD_BYTES) }), head()]);

    expect(parseHead(bytes)).toBeUndefined();
  });
});

describe('a head that is damaged', () => {
  it.each([
    ['its name', (text: string) => text.replace('async', 'asynk')],
    ['its version', (text: string) => text.replace('job 2', 'job 3')],
    ['its state', (text: string) => text.replace('2 .', '2 ?')],
    ['its attempts', (text: string) => text.replace('000', '0x1')],
    ['the space between them', (text: string) => text.replace('. 000', '._000')],
    ['the end of its first line', (text: string) => text.replace('000\n', '000 ')],
    ['its JSON', (text: string) => text.replace('{', '[')],
  ])('is not accepted: %s', (_, damage) => {
    const bytes = head();
    const damaged = Buffer.from(damage(bytes.toString()));

    expect(damaged.equals(bytes)).toBe(false);
    expect(parseHead(damaged)).toBeUndefined();
  });

  it.each([
    ['nothing', null],
    ['another kind', { ...JOB, kind: 'cron' }],
    ['no id', { ...JOB, jobId: undefined }],
    ['an id that no line can hold', { ...JOB, jobId: 'a\nb' }],
    ['a request id that is empty', { ...JOB, requestId: '' }],
    ['a deadline in words', { ...JOB, deadlineMs: 'soon' }],
    ['no time of acceptance', { ...JOB, acceptedAt: null }],
    ['a trace that is not text', { ...JOB, traceId: { Root: '1' } }],
    ['a run of no attempt', { ...RUN, attempt: undefined }],
    ['a run of attempt "2"', { ...RUN, attempt: '2' }],
    ['a run of attempt 0', { ...RUN, attempt: 0 }],
    ['a run without its origin', { ...RUN, originRequestId: undefined }],
  ])('is not accepted: %s', (_, facts) => {
    const text = `async-http job 2 . 000\n${JSON.stringify(facts && { ...facts, eventBytes: 1, contextBytes: 1 })}\n`;

    expect(parseHead(Buffer.from(text))).toBeUndefined();
  });

  it.each([
    [0, 1],
    [1, 0],
    [-1, 1],
    [1.5, 1],
    [MAX_BODY_BYTES + 1, 1],
    [MAX_BODY_BYTES, 1],
    [Number.NaN, 1],
  ])('is not accepted with an event of %d bytes and a context of %d', (event, context) => {
    expect(parseHead(head(JOB, event, context))).toBeUndefined();
  });
});
