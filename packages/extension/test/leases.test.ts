import { expect, it } from 'vitest';
import { Invocations } from '../src/invocations.ts';
import { Leases } from '../src/leases.ts';

async function hasEnded(released: Promise<void>): Promise<boolean> {
  let ended = false;
  released.then(() => {
    ended = true;
  });
  await new Promise(setImmediate);
  return ended;
}

it('a lease holds the environment until its last promise has settled', async () => {
  const invocations = new Invocations();
  const leases = new Leases(invocations);
  const { released } = invocations.begin({ requestId: 'r1', deadlineMs: Date.now() + 10_000 });
  const first = leases.take(() => {});
  const second = leases.take(() => {});
  invocations.end('r1');
  first.end();
  expect(await hasEnded(released)).toBe(false);

  second.end();

  expect(await hasEnded(released)).toBe(true);
});

it('a lease knows the deadline of the running invocation', () => {
  const invocations = new Invocations();
  const deadlineMs = Date.now() + 10_000;
  invocations.begin({ requestId: 'r1', deadlineMs });

  expect(new Leases(invocations).take(() => {}).deadlineMs).toBe(deadlineMs);
});

it('shutdown tells the holders of open leases, and takes no more', () => {
  const leases = new Leases(new Invocations());
  const told: string[] = [];
  leases.take(() => told.push('open'));
  leases.take(() => told.push('ended')).end();

  leases.shutdown();

  expect(told).toEqual(['open']);
  expect(() => leases.take(() => {})).toThrow(/ending this environment/);
});
