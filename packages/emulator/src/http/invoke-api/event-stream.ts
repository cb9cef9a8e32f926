import { crc32 } from 'node:zlib';

/** Content type of a sequence of messages. */
export const EVENT_STREAM = 'application/vnd.amazon.eventstream';

/** Marks the value of a header as text. */
const TEXT = 7;
/** Two lengths and a checksum before the headers, a checksum behind the payload. */
const FRAME_BYTES = 16;

/**
 * One message: lengths, headers, payload and checksums.
 *
 * @see https://smithy.io/2.0/aws/amazon-eventstream.html
 */
export function eventMessage(type: string, contentType: string, payload: Buffer): Buffer {
  const headers = Buffer.concat([
    header(':message-type', 'event'),
    header(':event-type', type),
    header(':content-type', contentType),
  ]);
  const start = Buffer.alloc(12);
  start.writeUInt32BE(FRAME_BYTES + headers.length + payload.length, 0);
  start.writeUInt32BE(headers.length, 4);
  start.writeUInt32BE(crc32(start.subarray(0, 8)), 8);
  const message = Buffer.concat([start, headers, payload]);
  const end = Buffer.alloc(4);
  end.writeUInt32BE(crc32(message), 0);
  return Buffer.concat([message, end]);
}

function header(name: string, value: string): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(Buffer.byteLength(value), 0);
  return Buffer.concat([
    Buffer.from([name.length]),
    Buffer.from(name),
    Buffer.from([TEXT]),
    length,
    Buffer.from(value),
  ]);
}
