import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatHead, type JobFacts, logPath, type Ring } from '@async-http/client/protocol';
import { onTestFinished } from 'vitest';
import { LogFiles } from '../../src/log/log-files.ts';
import { memoryLog } from './memory-log.ts';

export type JobRing = Extract<Ring, { type: 'job' }>;

/** A folder of logs that ends with the test, what this process as a client appends there, and who reads it. */
export function logFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'logs-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const { log: lines, ...written } = memoryLog();
  const open = () => new LogFiles({ folder, lines });
  return {
    folder,
    open,
    logs: open(),
    lines: written,
    client: (number = 1) => clientLog(folder, number),
  };
}

/** As a client writes its log. */
export function clientLog(folder: string, number: number) {
  const path = logPath(folder, number);
  const fd = openSync(path, 'ax+', 0o600);
  let isOpen = true;
  const close = () => {
    if (isOpen) closeSync(fd);
    isOpen = false;
  };
  onTestFinished(close);
  let end = 0;
  return {
    path,
    close,
    /** Whether its name still leads to it, which a client asks after each hand-off. */
    isInPlace: () =>
      statSync(path, { throwIfNoEntry: false })?.ino === statSync(`/proc/self/fd/${fd}`).ino,
    /** Appends a record, and returns what is then rung. */
    append(facts: Partial<JobFacts> = {}, event = '{"order":7}', context = CONTEXT): JobRing {
      const whole = factsOf(facts);
      const head = formatHead(whole, Buffer.byteLength(event), Buffer.byteLength(context));
      const record = Buffer.from(`${head}${event}${context}\n`);
      const offset = end;
      writeSync(fd, record);
      end += record.length;
      return {
        type: 'job',
        log: number,
        offset,
        bytes: record.length,
        instance: `${process.pid}.0`,
        fd,
        jobId: whole.jobId,
      };
    },
    /** Appends what is not a record, or not all of one. */
    appendRaw(bytes: string | Buffer): void {
      const raw = Buffer.from(bytes);
      writeSync(fd, raw);
      end += raw.length;
    },
  };
}

export const CONTEXT = JSON.stringify({
  awsRequestId: 'r1',
  invokedFunctionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:shop',
  functionVersion: '$LATEST',
});

export function factsOf(facts: Partial<JobFacts> = {}): JobFacts {
  return {
    kind: 'job',
    jobId: 'r1.1',
    requestId: 'r1',
    deadlineMs: Date.now() + 30_000,
    acceptedAt: Date.now(),
    ...facts,
  };
}
