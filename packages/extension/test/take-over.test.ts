import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
});
