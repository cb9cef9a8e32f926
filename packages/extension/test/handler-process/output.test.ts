import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Output } from '../../src/handler-process/output.ts';
import { attempt, handlerProcess } from '../fixtures/handler-process.ts';
import { NODE_PROGRAMS } from '../fixtures/node-programs.ts';

const KIB = 1024;

describe('what a child prints', () => {
  it.each([
    ['waits for its line feed', ['on', 'e\ntw', 'o\n'], ['one\n', 'two\n']],
    [
      'is passed on with all whole lines of a chunk in one write',
      ['one\ntwo\nthr'],
      ['one\ntwo\n'],
    ],
    [
      'keeps a character whose bytes come in two chunks',
      [Buffer.of(0xc3), Buffer.of(0xa4, 0x0a)],
      ['ä\n'],
    ],
  ])('%s', async (_, chunks, written) => {
    expect(await passOn(chunks)).toEqual(written);
  });

  it('is ended where nothing more will come', async () => {
    expect(await passOn(['progress: 1', ' 2'], { flush: true })).toEqual(['progress: 1 2\n']);
  });

  it('is cut when a line is longer than 256 KiB, between two characters', async () => {
    const written = await passOn(Array<string>(10).fill('ä'.repeat(50 * KIB)), { flush: true });

    expect(written.join('').replaceAll('\n', '')).toBe('ä'.repeat(500 * KIB));
    for (const line of written) expect(Buffer.byteLength(line)).toBeLessThan(400 * KIB);
  });

  it('is remembered at its end', async () => {
    const from = new PassThrough();
    const output = new Output(from, () => {});
    from.end(Buffer.from(`${'x'.repeat(100 * KIB)}the reason`));
    await new Promise((resolve) => from.once('end', resolve));

    expect(output.tail).toMatch(/^x+the reason$/);
    expect(output.tail).toHaveLength(16 * KIB);
  });
});

describe.each(NODE_PROGRAMS)('what a job prints on Node.js $major', (node) => {
  it.each(['stdout', 'stderr'])('has been passed on before its result counts: %s', async (to) => {
    const handlers = handlerProcess('prints.handler', { node });

    await handlers.run(attempt({ to, lines: 2000 }));

    expectLines(handlers.printed(), 2000);
  });

  it.each([
    ['reads its result first', { lines: 10 }],
    [
      'is slow to read, and another Node.js program has the same stdout',
      { lines: 2000, sharesPipe: true },
    ],
  ])('has been passed on before its result counts when the extension %s', async (_, event) => {
    const handlers = handlerProcess('prints.handler', { node });
    const marker = join(mkdtempSync(join(tmpdir(), 'async-http-')), 'printed');
    onTestFinished(() => rmSync(dirname(marker), { recursive: true }));
    await handlers.ready();

    const result = handlers.run(attempt({ ...event, marker }));
    await new Promise((resolve) => setImmediate(resolve));
    standStillUntil(marker);
    await result;

    expectLines(handlers.printed(), event.lines);
  });

  it('is complete also when the job ends its process', async () => {
    const handlers = handlerProcess('prints.handler', { node });

    await handlers.run(attempt({ lines: 2000, exits: true }));

    expect(handlers.printed().split('\n')).toHaveLength(2001);
  });

  it('gets its line feed at the end of the job', async () => {
    const handlers = handlerProcess('prints.handler', { node });

    await handlers.run(attempt({ text: 'progress: 100 %' }));

    expect(handlers.printed()).toBe('progress: 100 %\n');
  });

  it('is not waited for when another program holds the pipe', async () => {
    const handlers = handlerProcess('prints.handler', { node });

    expect(await handlers.run(attempt({ holdsPipe: true, exits: true }))).toMatchObject({
      errorMessage: 'The handler process ended: exit status 0',
    });
    expect(await handlers.run(attempt({ text: 'next' }))).toMatchObject({ status: 'succeeded' });
  });
});

function expectLines(printed: string, count: number): void {
  const lines = printed.split('\n').slice(0, -1);
  expect(lines).toHaveLength(count);
  expect(lines.every((line, at) => line.length === 499 && line.startsWith(`${at}`))).toBe(true);
}

/** Blocks this process, as a busy machine does: what arrives meanwhile is read all at once. */
function standStillUntil(marker: string): void {
  const pause = (ms: number) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
  for (let turns = 0; turns < 1000 && !existsSync(marker); turns += 1) pause(10);
  pause(200);
}

async function passOn(
  chunks: readonly (string | Buffer)[],
  { flush = false } = {},
): Promise<string[]> {
  const from = new PassThrough();
  const written: string[] = [];
  const output = new Output(from, (lines) => written.push(lines.toString()));
  for (const chunk of chunks) {
    from.write(chunk);
    await new Promise(setImmediate);
  }
  if (flush) output.flush();
  return written;
}
