import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readLaunch, takeOver } from '../src/take-over.ts';

describe('the launch', () => {
  it('is read, and leaves none of its variables to what is started later', () => {
    const env = {
      ASYNC_HANDLER: 'work.handler',
      _ASYNC_HTTP_NODE_OPTIONS: '--enable-source-maps',
      _ASYNC_HTTP_LAUNCHER: '',
      _ASYNC_HTTP_IDENTIFIER: 'id',
      _ASYNC_HTTP_HANDLER: 'index.handler',
      _ASYNC_HTTP_BELL: '9',
      _ASYNC_HTTP_HOLDS: 'yes',
    };

    expect(readLaunch(env)).toEqual({
      registration: { identifier: 'id', handler: 'index.handler' },
      bellFd: 9,
      isHeld: true,
    });
    expect(env).toEqual({
      ASYNC_HANDLER: 'work.handler',
      _ASYNC_HTTP_NODE_OPTIONS: '--enable-source-maps',
    });
  });

  it('is empty where Node.js runs from the start', () => {
    expect(readLaunch({})).toEqual({
      registration: undefined,
      bellFd: undefined,
      isHeld: false,
    });
  });
});

describe('to take over', () => {
  const REGISTRATION = { identifier: 'id', handler: 'index.handler' };

  function takeOverFrom(values: readonly string[]) {
    const folder = mkdtempSync(join(tmpdir(), 'take-over-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    writeFileSync(join(folder, 'known'), values.map((value) => `${value}\0`).join(''));
    const [bellFd, knownFd] = [
      openSync(join(folder, 'bell'), 'w'),
      openSync(join(folder, 'known'), 'r'),
    ];
    onTestFinished(() => [bellFd, knownFd].forEach((fd) => void closeSync(fd)));
    return {
      known: takeOver({ registration: REGISTRATION, bellFd }, knownFd),
      rung: readFileSync(join(folder, 'bell'), 'utf8'),
    };
  }

  it('is to tell the launcher that Node.js has loaded, and to read what it knows', () => {
    const event = { eventType: 'INVOKE', requestId: 'r1', deadlineMs: 7 };
    const lines = ['A 2 7.0 sees-ends', 'E r1'];

    const { known, rung } = takeOverFrom([
      JSON.stringify(event),
      ...lines,
      '',
      'r0',
      'r0',
      '',
      'log.1',
      '',
    ]);

    expect(rung).toBe('\nN\n');
    expect(known).toEqual({ event, lines, owed: ['r0', 'r0'], left: ['log.1'] });
  });

  it('is to know nothing where nothing has happened', () => {
    const { known } = takeOverFrom(['', '', '', '']);

    expect(known).toEqual({ event: undefined, lines: [], owed: [], left: [] });
  });

  it.each([
    ['before it began', []],
    ['behind the event', ['{"eventType":"INVOKE"}', 'E r1', '']],
    ['before the last log', ['', '', '', 'log.1']],
  ])('fails when the launcher has died while it said what it knows: %s', (_, values) => {
    expect(() => takeOverFrom(values)).toThrow('the launcher has died before Node.js took over');
  });

  it('is nothing where nobody has registered before', () => {
    expect(takeOver({ registration: undefined, bellFd: undefined })).toEqual({
      event: undefined,
      lines: [],
      owed: [],
      left: [],
    });
  });

  it('reads thousands of lines that come in small pieces, as the launcher writes them on a busy machine', async () => {
    const program = join(import.meta.dirname, 'fixtures/takes-over.ts');
    const child = spawn(process.execPath, [program], { stdio: ['pipe', 'pipe', 'inherit'] });
    onTestFinished(() => void child.kill('SIGKILL'));
    await once(child.stdout, 'readable'); // It has loaded, and reads.
    const lines = Array.from(
      { length: 3_000 },
      (_, n) => `J 1 ${n} 400 7.0 17 r1.${n}${'x'.repeat(50)}`,
    );
    const known = ['', ...lines, '', '', '', ''].map((value) => `${value}\0`).join('');

    // Nothing reports when a piece has been read. If several are read at once, the test covers less.
    for (let at = 0; at < 80_000; at += 4_000) {
      child.stdin.write(known.slice(at, at + 4_000));
      await setTimeout(3);
    }
    child.stdin.end(known.slice(80_000));

    expect(await text(child.stdout)).toBe('\nN\n3000 lines\n');
  });
});
