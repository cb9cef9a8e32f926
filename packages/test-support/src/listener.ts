import { execFileSync } from 'node:child_process';
import {
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A record of a log, read without the code that has written it. */
export interface HandedOff {
  readonly jobId: string;
  readonly log: number;
  readonly offset: number;
  readonly facts: Readonly<Record<string, unknown>>;
  readonly event: unknown;
  readonly context: unknown;
}

/** In the place of the extension: it listens, and does nothing by itself. */
export interface Listener {
  /** In the place of `/tmp`. */
  readonly base: string;
  readonly bell: string;
  readonly folder: string;
  /** Where a client finds it, and a background handler that is there. */
  readonly env: Readonly<Record<'TMPDIR' | 'ASYNC_HANDLER' | 'LAMBDA_TASK_ROOT', string>>;
  /** Every line that has been rung until now. */
  lines(): string[];
  /** The records of all `J` lines. */
  jobs(): HandedOff[];
  /** Answers a record, as the extension does. */
  answer(job: HandedOff, answer: object): void;
  /** Has clients refuse every hand-off. */
  refuse(refusal: object): void;
  /** Nobody listens until it is opened again. */
  close(): void;
  open(): void;
}

/** Where the state is in a record, from its beginning. */
const STATE_OFFSET = 'async-http job 2 '.length;

/** @param bell `file`: as where no FIFO can be made */
export function startListener({ bell = 'fifo' }: { bell?: 'fifo' | 'file' } = {}): Listener {
  forgetClients();
  const base = mkdtempSync(join(tmpdir(), 'async-http-listener-'));
  const path = join(base, 'async-http.bell');
  const folder = join(base, 'async-http');
  if (bell === 'fifo') execFileSync('mkfifo', ['-m', '600', path]);
  else writeFileSync(path, '');
  writeFileSync(join(base, 'job.mjs'), 'export const handler = () => {};');
  const { O_RDWR, O_NONBLOCK } = constants;
  let fd: number | undefined;
  const open = () => {
    fd = openSync(path, O_RDWR | O_NONBLOCK);
  };
  open();
  let heard = '';
  const chunk = Buffer.alloc(64 * 1024);
  const lines = () => {
    while (fd !== undefined) {
      const bytes = readUnlessEmpty(fd, chunk);
      if (bytes === 0) break;
      heard += chunk.toString('latin1', 0, bytes);
    }
    return heard.split('\n').filter((line) => line !== '');
  };
  const close = () => {
    lines(); // What is in a FIFO goes with its last reader.
    if (fd !== undefined) closeSync(fd);
    fd = undefined;
  };
  onTestFinished(() => {
    close();
    rmSync(base, { recursive: true, force: true });
  });
  return {
    base,
    bell: path,
    folder,
    env: { TMPDIR: base, ASYNC_HANDLER: 'job.handler', LAMBDA_TASK_ROOT: base },
    lines,
    jobs: () =>
      lines()
        .filter((line) => line.startsWith('J '))
        .map((line) => readRecord(folder, line)),
    answer({ log, offset }, answer) {
      writeFileSync(join(folder, `answer.${log}.${offset}`), JSON.stringify(answer));
      const file = openSync(join(folder, `log.${log}`), 'r+');
      writeSync(file, 'a', offset + STATE_OFFSET);
      closeSync(file);
    },
    refuse(refusal) {
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, 'refusal'), JSON.stringify(refusal));
    },
    close,
    open,
  };
}

/** The clients of a process share one state, and watch its runtime: those of a test begin afresh. */
function forgetClients(): void {
  const globals = globalThis as Record<PropertyKey, unknown>;
  for (const name of ['@async-http/client.v2', '@async-http/client.reported']) {
    delete globals[Symbol.for(name)];
  }
  const others = process.listeners('beforeExit');
  onTestFinished(() => {
    delete globals.awslambda;
    delete globals[Symbol.for('aws.lambda.beforeExit')];
    for (const listener of process.listeners('beforeExit')) {
      if (!others.includes(listener)) process.off('beforeExit', listener);
    }
  });
}

function readUnlessEmpty(fd: number, chunk: Buffer): number {
  try {
    return readSync(fd, chunk);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return 0;
    throw error;
  }
}

function readRecord(folder: string, line: string): HandedOff {
  const [, log, offset, bytes, instance = '', fd, jobId = ''] = line.split(' ');
  const begin = Number(offset);
  // A log that has been deleted is still open in its client.
  const paths = [join(folder, `log.${log}`), `/proc/${instance.split('.')[0]}/fd/${fd}`];
  for (const path of paths.filter(existsSync)) {
    const text = readFileSync(path)
      .subarray(begin, begin + Number(bytes))
      .toString();
    const [, facts = '', ...body] = text.split('\n');
    if (!facts.includes(`"jobId":${JSON.stringify(jobId)}`)) continue;
    const { eventBytes, ...rest } = JSON.parse(facts);
    const both = Buffer.from(body.join('\n'));
    return {
      jobId,
      log: Number(log),
      offset: begin,
      facts: rest,
      event: JSON.parse(both.subarray(0, eventBytes).toString()),
      context: JSON.parse(both.subarray(eventBytes).toString()),
    };
  }
  throw new Error(`there is no record of ${jobId} at ${begin} in ${paths.join(' or ')}`);
}
