import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  formatHead,
  formatRing,
  logPath,
  parseRing,
  RECORD_STATES,
  STATE_OFFSET,
} from '@async-http/client/protocol';
import { LineCutter } from '../../src/bell/bell.ts';
import { LogFiles } from '../../src/log/log-files.ts';

interface Written {
  readonly jobId: string;
  readonly bytes: Buffer;
  readonly event: string;
  readonly isOpen: boolean;
}

const MAGIC = Buffer.from('async-http job 2 ');
const NEWLINE = 0x0a;
/** What breaks the structure of a log more often than any byte does. */
const PIECES = [
  '\n',
  '"',
  '{',
  '}',
  '0',
  '9',
  '-',
  'e',
  '.',
  's',
  'a',
  '\u0000',
  MAGIC.toString(),
  '\n\n',
];

/**
 * Damages logs and bell messages at random, and throws where something comes of it that must not: a crash, a loss of
 * what is whole, a run of what is settled, or a run of something else than what was handed off.
 *
 * @returns what was read of them
 */
export function fuzzLogs(inputs: number, seed: number) {
  const folder = mkdtempSync(join(tmpdir(), 'fuzz-'));
  const random = randomFrom(seed);
  const seen = { inputs: 0, intact: 0, damaged: 0, reported: 0, rings: 0 };
  try {
    for (; seen.inputs < inputs; seen.inputs += 1) {
      const records = Array.from({ length: 1 + random(4) }, (_, n) => record(n, random));
      const whole = Buffer.concat(records.map(({ bytes }) => bytes));
      let log: Buffer = whole;
      for (let n = 1 + random(4); n > 0; n -= 1) log = damage(log, random);
      checkLog(folder, log, records, seen);
      checkBell(log, records, random, seen);
    }
    return seen;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function record(n: number, random: Random): Written {
  const jobId = `r${random(1_000_000)}.${n}`;
  const event = JSON.stringify({ order: n, text: 'x\n'.repeat(random(40)) });
  const context = '{"awsRequestId":"r1"}';
  const facts = { kind: 'job', jobId, requestId: 'r1', deadlineMs: 1_800_000_000_000 } as const;
  const head = formatHead({ ...facts, acceptedAt: 1 }, event.length, context.length);
  const bytes = Buffer.from(`${head}${event}${context}\n`);
  const state = ['open', 'open', 'ended', 'settled', 'answered'][random(5)] as 'open';
  bytes.write(RECORD_STATES[state], STATE_OFFSET, 'latin1');
  return { jobId, bytes, event, isOpen: state === 'open' || (state as string) === 'ended' };
}

function damage(log: Buffer, random: Random): Buffer {
  const at = random(log.length + 1);
  const length = random(random(2) === 0 ? 4 : 200);
  const [before, after] = [log.subarray(0, at), log.subarray(at)];
  switch (random(7)) {
    case 0: {
      const copy = Buffer.from(log);
      if (at < copy.length) copy[at] = (copy[at] ?? 0) ^ (1 << random(8));
      return copy;
    }
    case 1:
      return before; // Torn.
    case 2:
      return Buffer.concat([before, after.subarray(length)]);
    case 3: {
      const from = random(log.length + 1);
      return Buffer.concat([before, log.subarray(from, from + length), after]);
    }
    case 4:
      return Buffer.concat([before, Buffer.from(PIECES[random(PIECES.length)] ?? ''), after]);
    case 5: {
      const piece = Buffer.from(PIECES[random(PIECES.length)] ?? '');
      return Buffer.concat([before, piece, after.subarray(piece.length)]);
    }
    default:
      return Buffer.concat([before, Buffer.alloc(length, random(256)), after]);
  }
}

function checkLog(
  folder: string,
  log: Buffer,
  records: readonly Written[],
  seen: { intact: number; damaged: number; reported: number },
): void {
  writeFileSync(logPath(folder, 1), log);
  const lines = {
    debug() {},
    info() {},
    warn() {},
    error: () => void seen.reported++,
    lastResort() {},
  };
  const files = new LogFiles({ folder, lines });
  const taken: { from: number; to: number }[] = [];
  const runs = new Map<number, string>();
  let count = 0;
  for (const entry of files.recover()) {
    count += 1;
    const { bytes, eventOffset, eventBytes, contextBytes } = entry.head;
    const event = entry.readEvent();
    const context = entry.readContext();
    if (event.length !== eventBytes || context.length !== contextBytes)
      fail('a part is missing', log);
    const from = 'file' in entry.bytes ? entry.bytes.offset - eventOffset : -1;
    taken.push({ from, to: from + bytes });
    runs.set(from, event.toString());
    entry.settle();
  }
  if (count > occurrences(log)) fail('there are more jobs than records', log);
  files.retire();

  for (const { jobId, bytes, event, isOpen } of records) {
    const at = log.indexOf(bytes);
    const isIntact = at === 0 || (at > 0 && log[at - 1] === NEWLINE);
    if (!isIntact) {
      seen.damaged += 1;
      continue;
    }
    seen.intact += 1;
    const isInAnother = taken.some(({ from, to }) => from < at && at < to);
    const run = runs.get(at);
    if (isOpen && !isInAnother && run === undefined) fail(`${jobId} is lost`, log);
    if (isOpen && run !== undefined && run !== event) fail(`${jobId} has another event`, log);
    if (!isOpen && run !== undefined) fail(`${jobId} runs again`, log);
  }
}

/** Every line is read in one way, or not at all. */
function checkBell(
  log: Buffer,
  records: readonly Written[],
  random: Random,
  seen: { rings: number },
): void {
  const rung = records.map(({ jobId, bytes }) =>
    formatRing({
      type: 'job',
      log: 1,
      offset: log.indexOf(bytes),
      bytes: bytes.length,
      instance: `${process.pid}.0`,
      fd: 0,
      jobId,
    }),
  );
  const stream = damage(
    Buffer.from(`A 2 7.0 sees-ends\n${rung.join('')}L 7.0 1\nE r1\nR\n`),
    random,
  );
  const cutter = new LineCutter((line) => {
    const ring = parseRing(line);
    if (!ring) return;
    seen.rings += 1;
    const again = parseRing(formatRing(ring).slice(0, -1));
    if (JSON.stringify(again) !== JSON.stringify(ring)) fail('a ring is read in two ways', stream);
  });
  for (let at = 0; at < stream.length; ) {
    const size = 1 + random(60);
    cutter.push(stream.subarray(at, at + size));
    at += size;
  }
}

function occurrences(log: Buffer): number {
  let count = 0;
  for (let at = log.indexOf(MAGIC); at !== -1; at = log.indexOf(MAGIC, at + 1)) count += 1;
  return count;
}

function fail(what: string, input: Buffer): never {
  throw new Error(`${what}: ${JSON.stringify(input.toString('latin1'))}`);
}

type Random = (below: number) => number;

/** mulberry32 */
function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}
