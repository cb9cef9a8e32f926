import { spawn } from 'node:child_process';
import { closeSync, rmSync } from 'node:fs';
import { startListener } from '@async-http/test-support';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Bell, BellError } from '../../src/hand-off/bell.ts';
import { stateBases } from '../../src/protocol/places.ts';
import { fillBell } from './fill-bell.ts';

const instance = `${process.pid}.0`;

describe.each(['fifo', 'file'] as const)('the bell, as a %s', (bell) => {
  it('takes lines in their order, after an announcement', () => {
    const listener = startListener({ bell });
    const ours = new Bell(listener.env);

    ours.ring({ type: 'lease', instance, isOpen: true });
    ours.ring({ type: 'end', requestId: 'r1' });

    expect(listener.lines()).toEqual([`A 2 ${instance} -`, `L ${instance} 1`, 'E r1']);
  });

  it('says once that ends are seen', () => {
    const listener = startListener({ bell });
    const ours = new Bell(listener.env);

    ours.announce(true);
    ours.ring({ type: 'end', requestId: 'r1' });

    expect(listener.lines()).toEqual([`A 2 ${instance} sees-ends`, 'E r1']);
  });

  it('says where the logs belong', () => {
    const listener = startListener({ bell });
    const ours = new Bell(listener.env);

    expect(ours.isThere).toBe(true);
    expect(ours.base).toBe(listener.base);
  });

  it('rings on when the function has emptied /tmp', () => {
    const listener = startListener({ bell });
    const ours = new Bell(listener.env);

    ours.announce(true);
    rmSync(listener.base, { recursive: true });
    ours.ring({ type: 'end', requestId: 'r1' });

    expect(listener.lines()).toContain('E r1');
  });

  it('rings on when the function has closed a descriptor that was not its own', () => {
    const listener = startListener({ bell });
    const ours = new Bell(listener.env);

    ours.announce(true);
    closeSync(ours.connect());
    ours.ring({ type: 'end', requestId: 'r1' });

    expect(listener.lines()).toContain('E r1');
  });
});

describe('a bell that nobody listens to', () => {
  it('is not there', () => {
    const listener = startListener();
    listener.close();

    expect(new Bell(listener.env).isThere).toBe(false);
  });

  it('fails at once', () => {
    const listener = startListener();
    const ours = new Bell(listener.env);
    ours.announce(true);
    listener.close();

    expect(() => ours.ring({ type: 'reload' })).toThrow(BellError);
    expect(ours.isThere).toBe(false);
  });

  it('is announced to when somebody listens later', () => {
    const listener = startListener();
    listener.close();
    const ours = new Bell(listener.env);
    expect(() => ours.announce(true)).toThrow(BellError);

    listener.open();
    ours.ring({ type: 'end', requestId: 'r1' });

    expect(listener.lines()).toEqual([`A 2 ${instance} -`, 'E r1']);
  });

  it('is looked for in /tmp where TMPDIR does not have it', () => {
    expect(stateBases({ TMPDIR: '/var/tmp' })).toEqual(['/var/tmp', '/tmp']);
    expect(stateBases({ TMPDIR: '' })).toEqual(['/tmp']);
  });

  it.each(['tmp', '.', '/mnt/shared/tmp'])('is not looked for in TMPDIR=%s', (TMPDIR) => {
    expect(stateBases({ TMPDIR })).toEqual(['/tmp']);
  });
});

describe('a bell that is not listened to for a while', () => {
  it('is waited for', () => {
    const listener = startListener();
    const ours = new Bell(listener.env);
    ours.announce(true);
    fillBell(listener.bell);
    const reader = spawn('cat', [listener.bell], { stdio: 'ignore' });
    onTestFinished(() => void reader.kill());

    ours.ring({ type: 'end', requestId: 'r1' }); // Blocks this process until the other one has read.
  });

  it('fails in the end, having rung nothing', () => {
    const listener = startListener();
    const ours = new Bell(listener.env);
    ours.announce(true);
    fillBell(listener.bell);
    const startedAt = Date.now();

    const { isBusy } = errorOf(() => ours.ring({ type: 'end', requestId: 'r1' }));

    expect(isBusy).toBe(true);
    expect(Date.now() - startedAt).toBeGreaterThanOrEqual(3_000);
    expect(listener.lines()).not.toContain('E r1');
  });
});

function errorOf(act: () => void): BellError {
  try {
    act();
  } catch (error) {
    return error as BellError;
  }
  throw new Error('it did not fail');
}
