import { expect, it } from 'vitest';
import { InternalExtension } from '../../src/wait-until/internal-extension.ts';
import type { InvokeEvent } from '../../src/wait-until/next-event.ts';

/** An internal extension whose events come when the test says so. */
function startExtension() {
  let asked = 0;
  let deliver: (event: InvokeEvent) => void = () => {};
  let refuse: (error: Error) => void = () => {};
  const extension = new InternalExtension({
    next: () => {
      asked += 1;
      return new Promise((resolve, reject) => {
        deliver = resolve;
        refuse = reject;
      });
    },
    releaseAtMs: ({ deadlineMs }) => deadlineMs,
  });
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  return {
    extension,
    asked: () => asked,
    refuse: (error: Error) => refuse(error),
    async invoke(requestId: string) {
      deliver({ requestId, deadlineMs: Date.now() + 60_000 });
      await settled();
    },
  };
}

it('asks for the next event when the handler has ended and no work is open, in whichever order', async () => {
  const { extension, asked, invoke } = startExtension();
  expect(asked()).toBe(1); // INIT ends with it.

  await invoke('r1');
  extension.started({ requestId: 'r1' });
  extension.take({ requestId: 'r1' });
  extension.replied('r1');
  expect(asked()).toBe(1);
  extension.release();
  expect(asked()).toBe(2);

  await invoke('r2');
  extension.started({ requestId: 'r2' });
  extension.take({ requestId: 'r2' });
  extension.release();
  expect(asked()).toBe(2);
  extension.replied('r2');
  expect(asked()).toBe(3);
});

it('is not confused by an INVOKE that comes after the reply', async () => {
  const { extension, asked, invoke } = startExtension();

  extension.started({ requestId: 'r1' });
  extension.replied('r1');
  expect(asked()).toBe(1);
  await invoke('r1');

  expect(asked()).toBe(2);
});

it('asks again when it was refused, since every request would last until its timeout', async () => {
  const { extension, asked, invoke, refuse } = startExtension();

  refuse(new Error('connection lost'));
  await expect.poll(asked).toBe(2);
  await invoke('r1');
  extension.replied('r1');

  expect(asked()).toBe(3);
});
