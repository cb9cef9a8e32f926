import { closeSync, openSync, readSync } from 'node:fs';
import { readTrace, type Trace } from '@async-http/client/protocol';
import type { HostCommand } from '../handler-process/frames.ts';
import { RuntimeError } from './errors.ts';

export interface LambdaContext {
  readonly logGroupName?: string;
  readonly logStreamName?: string;
  readonly tenantId?: string;
  readonly trace?: Trace;
}

type RunCommand = Extract<HostCommand, { type: 'run' }>;

/**
 * The event and context of a job, from its file or from the body that came with it.
 *
 * @throws {RuntimeError} `Runtime.UnmarshalError` when they are not JSON; errors of the file system unchanged.
 */
export function readPayload(
  { bytes }: RunCommand,
  body: Buffer,
): { event: unknown; context: LambdaContext } {
  const all = 'file' in bytes ? readBytes(bytes) : body;
  const parse = (part: string, from: number, to?: number) => {
    try {
      return JSON.parse(all.toString('utf8', from, to));
    } catch (cause) {
      throw new RuntimeError(
        'Runtime.UnmarshalError',
        `The ${part} of the job is not JSON: ${cause}`,
      );
    }
  };
  const event = parse('event', 0, bytes.eventBytes);
  const { trace: carrier, ...context } = Object(parse('context', bytes.eventBytes));
  // It may have come with a request from outside, or through a queue.
  const trace = readTrace(carrier);
  return { event, context: { ...context, ...(trace && { trace }) } };
}

function readBytes({
  file,
  offset,
  eventBytes,
  contextBytes,
}: Extract<RunCommand['bytes'], { file: string }>): Buffer {
  const all = Buffer.allocUnsafe(eventBytes + contextBytes);
  const fd = openSync(file, 'r');
  try {
    for (let filled = 0; filled < all.length; ) {
      const read = readSync(fd, all, filled, all.length - filled, offset + filled);
      if (read === 0)
        throw new RuntimeError(
          'Runtime.UnmarshalError',
          `The job ends after ${filled} of its ${all.length} bytes`,
        );
      filled += read;
    }
    return all;
  } finally {
    closeSync(fd);
  }
}
