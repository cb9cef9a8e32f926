import { MessageChannel } from 'node:worker_threads';
import { expect, it, onTestFinished } from 'vitest';
import { TimeLimits } from '../../src/jobs/time-limits.ts';
import { budgetOf } from '../support/jobs.ts';

function open(times: object, reason: 'deadline' | 'shutdown' = 'deadline') {
  const limits = new TimeLimits(budgetOf(times), reason);
  onTestFinished(() => limits.clear());
  return limits;
}

const fired = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve());
  });

it('stops, kills and gives up sending in this order', async () => {
  const limits = open({ abortMs: 10, killMs: 30, releaseMs: 50 });
  const order: string[] = [];
  for (const name of ['send', 'kill', 'stop'] as const) {
    limits[name].addEventListener('abort', () => order.push(name));
  }

  await fired(limits.send);

  expect(order).toEqual(['stop', 'kill', 'send']);
  expect(limits.stopReason).toBe('deadline');
});

it('has stopped when its time was over from the start', () => {
  expect(open({ abortMs: -1 }).stopReason).toBe('deadline');
});

it('stops at once at shutdown, and leaves most of the window to the record', async () => {
  const limits = open({});

  const now = Date.now();
  limits.shutdown(now + 200);
  expect([limits.stopReason, limits.areOfShutdown]).toEqual(['shutdown', true]);
  expect(limits.kill.aborted).toBe(false);
  await fired(limits.kill);
  expect(limits.send.aborted).toBe(false);
  await fired(limits.send);

  expect(Date.now() - now).toBeGreaterThanOrEqual(199);
});

it('reads what has arrived before it says that the time is over', async () => {
  const limits = open({ abortMs: 20 });
  const order: string[] = [];
  limits.stop.addEventListener('abort', () => order.push('stop'));
  const { port1, port2 } = new MessageChannel();
  port1.on('message', () => order.push('a result that had arrived'));
  onTestFinished(() => port1.close());

  port2.postMessage('result');
  // This process stands still until the time is over.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 40);
  await fired(limits.stop);

  expect(order).toEqual(['a result that had arrived', 'stop']);
});

it('does not stop at once where the end is further away than a timer can be', async () => {
  const limits = open({ abortMs: 2 ** 31, killMs: 2 ** 32, releaseMs: 2 ** 33 });

  // A timer that overflows fires after 1 ms, so before this one.
  await new Promise((resolve) => setTimeout(resolve, 20));

  expect([limits.stop, limits.kill, limits.send].map(({ aborted }) => aborted)).toEqual([
    false,
    false,
    false,
  ]);
});
