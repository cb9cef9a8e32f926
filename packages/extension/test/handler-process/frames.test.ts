import { describe, expect, it } from 'vitest';
import {
  type Frame,
  FrameReader,
  frameHead,
  type HostReport,
} from '../../src/handler-process/frames.ts';

const started: HostReport = { type: 'started', run: 1 };
const text = Buffer.from('Grüße, 世界 🚀'.repeat(50));

describe('a stream of frames', () => {
  it.each([1, 2, 3, 7, 64, 100_000])('is read the same in chunks of %i bytes', (size) => {
    const bytes = Buffer.concat([
      frameHead({ type: 'succeeded', run: 7 }, text.length),
      text,
      frameHead(started),
      frameHead({ type: 'succeeded', run: 8 }, 4),
      Buffer.from('null'),
    ]);

    expect(read(chunksOf(bytes, size))).toEqual([
      { message: { type: 'succeeded', run: 7 }, body: text },
      { message: started, body: Buffer.alloc(0) },
      { message: { type: 'succeeded', run: 8 }, body: Buffer.from('null') },
    ]);
  });

  it('keeps a frame back until its last byte is there', () => {
    const bytes = Buffer.concat([frameHead(started, text.length), text]);

    expect(read([bytes.subarray(0, -1)])).toEqual([]);
  });

  it('copies no byte of a body more than once', () => {
    // With a copy of all that is there for each chunk, this would move 256 GiB.
    const body = Buffer.alloc(32 * 1024 * 1024, 1);
    const bytes = Buffer.concat([frameHead(started, body.length), body]);

    expect(read(chunksOf(bytes, 4096))[0]?.body.equals(body)).toBe(true);
  });

  it.each([
    ['is announced with an impossible length', Buffer.alloc(8, 0xff)],
    ['has a header longer than itself', Buffer.from([0, 0, 0, 4, 0, 0, 0, 9])],
    ['has a header that is not JSON', Buffer.from([0, 0, 0, 5, 0, 0, 0, 1, 0x7b])],
  ])('is refused when a frame %s', (_, bytes) => {
    expect(() => read([bytes])).toThrow(
      expect.objectContaining({ code: 'ASYNC_HTTP_FRAME_INVALID' }),
    );
  });
});

function read(chunks: Buffer[]): Frame<HostReport>[] {
  const frames = new FrameReader<HostReport>();
  return chunks.flatMap((chunk) => [...frames.push(chunk)]);
}

function chunksOf(bytes: Buffer, size: number): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size));
  return chunks;
}
