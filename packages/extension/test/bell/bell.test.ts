import { execFileSync, spawn } from 'node:child_process';
import {
  closeSync,
  constants,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { LineCutter } from '../../src/bell/bell.ts';

const PROGRAM = new URL('../fixtures/bell/hears.ts', import.meta.url).pathname;

/** A program that hears a bell; `listen` has it begin. */
async function startHearing(kind: 'fifo' | 'file', prepare: (path: string) => void = () => {}) {
  const folder = mkdtempSync(join(tmpdir(), 'bell-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'bell');
  prepare(path);
  if (kind === 'fifo') execFileSync('mkfifo', [path]);
  const program = spawn(
    process.execPath,
    ['--conditions=@async-http/source', PROGRAM, kind, path],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  onTestFinished(() => void program.kill('SIGKILL'));
  const lines = createInterface(program.stdout)[Symbol.asyncIterator]();
  await lines.next();
  return {
    path,
    pid: program.pid ?? 0,
    listen: () => program.stdin.write('\n'),
    /** A client's own descriptor. */
    connect() {
      const { O_WRONLY, O_APPEND, O_NONBLOCK } = constants;
      const fd = openSync(path, O_WRONLY | O_APPEND | O_NONBLOCK);
      onTestFinished(() => closeSync(fd));
      return async (bytes: string | Buffer) => {
        for (const left = { bytes: Buffer.from(bytes) }; left.bytes.length > 0; ) {
          try {
            left.bytes = left.bytes.subarray(writeSync(fd, left.bytes));
          } catch (error) {
            if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
            await setImmediate();
          }
        }
      };
    },
    async heard(count: number): Promise<string[]> {
      const heard: string[] = [];
      while (heard.length < count) heard.push(JSON.parse((await lines.next()).value));
      return heard;
    },
  };
}

describe.each(['fifo', 'file'] as const)('a bell that is a %s', (kind) => {
  it('delivers what several clients ring, in order, also what was rung before anybody listened', async () => {
    const bell = await startHearing(kind);
    const [first, second] = [bell.connect(), bell.connect()];
    await first('E r1\n');
    await second('E r2\n');
    bell.listen();
    await first('E r3\n');

    expect(await bell.heard(3)).toEqual(['E r1', 'E r2', 'E r3']);
  });

  it('delivers a line whole that comes in pieces', async () => {
    const bell = await startHearing(kind);
    const ring = bell.connect();
    bell.listen();
    await ring('first\nL 7');
    expect(await bell.heard(1)).toEqual(['first']);

    await ring('.0 1\nE');
    await ring(' r1\n');

    expect(await bell.heard(2)).toEqual(['L 7.0 1', 'E r1']);
  });

  it('keeps 10,000 lines in order', async () => {
    const bell = await startHearing(kind);
    const ring = bell.connect();
    bell.listen();
    const rung = Array.from({ length: 10_000 }, (_, n) => `J 1 ${n * 400} 400 7.0 17 r1.${n}`);

    for (const line of rung) await ring(`${line}\n`);

    expect(await bell.heard(rung.length)).toEqual(rung);
  });

  it('drops a line that is too long to be ours, and hears the next one', async () => {
    const bell = await startHearing(kind);
    const ring = bell.connect();
    bell.listen();

    await ring(`E before\n${'x'.repeat(300_000)}\nE after\n`);

    expect(await bell.heard(2)).toEqual(['E before', 'E after']);
  });

  it('delivers garbage byte by byte unchanged, except empty lines', async () => {
    const bell = await startHearing(kind);
    const ring = bell.connect();
    bell.listen();

    await ring(Buffer.from([0x00, 0xff, 0xfe, 0x0d, 0x0a, 0x0a, 0x41, 0x0a]));

    expect(await bell.heard(2)).toEqual(['\u0000\u00ff\u00fe\r', 'A']);
  });
});

it('a FIFO is not passed on to what the extension starts', async () => {
  const bell = await startHearing('fifo');
  bell.connect();
  bell.listen();
  await bell.connect()('E r1\n');
  await bell.heard(1);

  const descriptors = readdirSync(`/proc/${bell.pid}/fd`).filter((fd) => {
    try {
      return readlinkSync(`/proc/${bell.pid}/fd/${fd}`) === bell.path;
    } catch {
      return false;
    }
  });

  // O_CLOEXEC
  const flags = descriptors.map((fd) => {
    const info = execFileSync('cat', [`/proc/${bell.pid}/fdinfo/${fd}`], { encoding: 'utf8' });
    return Number.parseInt(/flags:\s+(\d+)/.exec(info)?.[1] ?? '', 8) & 0o2000000;
  });
  expect(flags).toEqual([0o2000000]);
});

it('a file begins empty, whatever was there before', async () => {
  const bell = await startHearing('file', (path) => writeFileSync(path, 'E of an earlier one\n'));
  const ring = bell.connect();
  bell.listen();

  await ring('E r1\n');

  expect(await bell.heard(1)).toEqual(['E r1']);
  expect(statSync(bell.path).mode & 0o777).toBe(0o600);
});

it('a file that has become large is emptied when nothing is rung, and is still heard', async () => {
  const bell = await startHearing('file');
  const ring = bell.connect();
  bell.listen();
  const lines = Array.from({ length: 2_200 }, (_, n) => `${n} ${'x'.repeat(4_000)}`);
  for (const line of lines) await ring(`${line}\n`);
  expect(await bell.heard(lines.length)).toEqual(lines);

  await expect.poll(() => statSync(bell.path).size, { timeout: 10_000 }).toBe(0);
  await ring('E r1\n');

  expect(await bell.heard(1)).toEqual(['E r1']);
});

it('a file that is deleted is heard by those who have it open', async () => {
  const bell = await startHearing('file');
  const ring = bell.connect();
  bell.listen();
  rmSync(bell.path);

  await ring('E r1\n');

  expect(existsSync(bell.path)).toBe(false);
  expect(await bell.heard(1)).toEqual(['E r1']);
});

describe('whatever the chunks of a stream are', () => {
  const bytes = fc.array(
    fc.oneof(
      fc.constantFrom('E r1\n', 'L 1.0 1\n', '\n', 'x'.repeat(5_000), 'y'.repeat(20_000)),
      fc.string({ unit: 'binary' }),
    ),
  );

  it('the lines are the same, but for those that are empty or too long', () => {
    fc.assert(
      fc.property(bytes, fc.array(fc.integer({ min: 1, max: 9_000 })), (parts, sizes) => {
        const stream = Buffer.from(parts.join(''));
        const heard: string[] = [];
        const cutter = new LineCutter((line) => heard.push(line));
        let at = 0;
        for (const size of sizes) {
          cutter.push(stream.subarray(at, at + size));
          at += size;
        }
        cutter.push(stream.subarray(at));

        const lines = stream.toString('latin1').split('\n').slice(0, -1);
        // What is between the two lengths may be dropped or not, as the chunks fall.
        const isShort = (line: string) => line !== '' && line.length <= 8_192;
        expect(heard.filter(isShort)).toEqual(lines.filter(isShort));
      }),
      { numRuns: 500 },
    );
  });
});
