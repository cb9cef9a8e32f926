import { expect, it, vi } from 'vitest';
import { attempt, handlerProcess } from '../fixtures/handler-process.ts';
import { isRunning } from '../fixtures/is-running.ts';

it.each([
  ['is killed', { withoutEnvironment: true }],
  ['exits', { exits: true }],
])('programs that a job has started end with their handler process: it %s', async (_, event) => {
  const handlers = handlerProcess('starts-programs.handler');
  const { pid, pids } = await startPrograms(handlers, event);

  if (!('exits' in event)) await handlers.kill();

  await vi.waitUntil(() => ![pid, ...pids].some(isRunning), { timeout: 10_000 });
});

it('programs that a job has started live on beside later jobs', async () => {
  const handlers = handlerProcess('starts-programs.handler');
  const { pids } = await startPrograms(handlers, {});

  await startPrograms(handlers, {});

  expect(pids.filter(isRunning)).toEqual(pids);
});

async function startPrograms(
  handlers: ReturnType<typeof handlerProcess>,
  event: object,
): Promise<{ pid: number; pids: number[] }> {
  const outcome = await handlers.run(attempt(event));
  return JSON.parse(outcome.status === 'succeeded' ? String(outcome.result) : '');
}
