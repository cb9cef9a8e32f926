import { describe, expect, it } from 'vitest';
import { parseDestination } from '../../src/protocol/destination-arn.ts';
import type { DestinationTarget } from '../../src/protocol/destination-target.ts';
import { escapeNoncharacters, reasonNotRecordable } from '../../src/protocol/record-limit.ts';

const queue = parseDestination('arn:aws:sqs:eu-west-1:123456789012:failed');
const topic = parseDestination('arn:aws:sns:eu-west-1:123456789012:failed');
const bucket = parseDestination('arn:aws:s3:::failed');

/** Events up to this size leave room for the rest of the record. */
const QUEUE_LIMIT = 1024 * 1024 - 16 * 1024;
const TOPIC_LIMIT = 256 * 1024 - 16 * 1024;

/** A JSON text of this many bytes. */
const event = (bytes: number, filling = 'x') =>
  JSON.stringify(filling.repeat(Math.floor((bytes - 2) / Buffer.byteLength(filling))));

function reason(json: string, onFailure?: DestinationTarget, onSuccess?: DestinationTarget) {
  return reasonNotRecordable(json, Buffer.byteLength(json), { onFailure, onSuccess });
}

describe('a job', () => {
  it('can be recorded when its event leaves room at the destination, to the byte', () => {
    expect(reason(event(QUEUE_LIMIT), queue)).toBeUndefined();
    expect(reason(event(QUEUE_LIMIT + 1), queue)).toMatchInlineSnapshot(
      `"The event has 1032193 bytes. ASYNC_HTTP_ON_FAILURE (arn:aws:sqs:eu-west-1:123456789012:failed) takes events of up to 1032192 bytes, so the job could not be recorded there and was not accepted. Use an S3 bucket there, or put the data into S3 and hand off its key."`,
    );
  });

  it('needs room at both destinations', () => {
    expect(reason(event(TOPIC_LIMIT + 1), queue, topic)).toMatch(
      /^The event has 245761 bytes\. ASYNC_HTTP_ON_SUCCESS .+ Put the data into S3 and hand off its key\.$/,
    );
  });

  it('of any size can be recorded in a bucket, and where nothing is recorded', () => {
    expect(reason(event(6_000_000), bucket)).toBeUndefined();
    expect(reason(event(6_000_000))).toBeUndefined();
  });

  it('counts U+FFFE and U+FFFF as the six bytes that a record has instead', () => {
    const grows = (bytes: number) => event(bytes, '\uFFFF');
    const half = QUEUE_LIMIT / 2;

    expect(reason(grows(half), queue)).toBeUndefined();
    expect(reason(grows(half + 3), queue)).toMatch(/^The event has 10321\d\d bytes/);
    expect(reason(grows(QUEUE_LIMIT), queue)).toMatch(/^The event has 206\d{4} bytes/);
  });
});

describe('the text of a record', () => {
  it('has U+FFFE and U+FFFF escaped, which SQS refuses, and stays the same JSON', () => {
    const json = JSON.stringify({ a: '\uFFFEx\uFFFF' });
    const escaped = escapeNoncharacters(json);

    expect(escaped).toBe('{"a":"\\ufffex\\uffff"}');
    expect(JSON.parse(escaped)).toEqual(JSON.parse(json));
  });

  it('has as many bytes as were counted', () => {
    const json = event(3_002, '\uFFFE');

    expect(Buffer.byteLength(escapeNoncharacters(json))).toBe(2 + 1_000 * '\\ufffe'.length);
  });
});
