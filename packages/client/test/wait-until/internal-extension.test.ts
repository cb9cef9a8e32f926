import { expect, it } from 'vitest';
import { InternalExtension } from '../../src/wait-until/internal-extension.ts';
import type { InvokeEvent } from '../../src/wait-until/next-event.ts';
import { captureReports } from './capture-reports.ts';

/** An internal extension whose events come when the test says so. */
function startExtension({ releaseAfterMs = 60_000 } = {}) {
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
    releaseAtMs: () => Date.now() + releaseAfterMs,
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

it('asks for the next event when the handler has ended and no work is open, in either order', async () => {
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
  const reports = captureReports();
  const { extension, asked, invoke, refuse } = startExtension();

  refuse(new Error('connection lost'));
  await expect.poll(asked).toBe(2);
  await invoke('r1');
  extension.replied('r1');

  expect(asked()).toBe(3);
  expect(reports).toEqual([expect.stringMatching(/^ERROR ASYNC_HTTP_NO_HOLD: .*connection lost/)]);
});

it('says that it is too late for a promise when the hold has ended', async () => {
  const reports = captureReports();
  const { extension, invoke } = startExtension();
  await invoke('r1');
  extension.started({ requestId: 'r1' });
  extension.replied('r1');

  extension.take({ requestId: 'r1' });

  expect(reports).toEqual([expect.stringMatching(/^ERROR ASYNC_HTTP_NO_HOLD: .*request r1/)]);
});

it('holds each run of a request whose id comes again, and says nothing of "too late"', async () => {
  const reports = captureReports();
  const { extension, asked, invoke } = startExtension();

  for (const expected of [2, 3]) {
    await invoke('r1');
    extension.started({ requestId: 'r1' });
    extension.take({ requestId: 'r1' });
    extension.replied('r1');
    expect(asked()).toBe(expected - 1);
    extension.release();
    expect(asked()).toBe(expected);
  }
  expect(reports).toEqual([]);
});

it('does not take the end of a run that it has let go for the end of the next one with the same id', async () => {
  const { extension, asked, invoke } = startExtension({ releaseAfterMs: 20 });
  await invoke('r1');
  extension.started({ requestId: 'r1' });
  await expect.poll(asked).toBe(2); // Its time was up.

  await invoke('r1');
  extension.replied('r1'); // Of the first run.
  expect(asked()).toBe(2);
  extension.started({ requestId: 'r1' });
  extension.replied('r1');

  expect(asked()).toBe(3);
});

it('lets go in time for the function not to time out', async () => {
  const { extension, asked, invoke } = startExtension({ releaseAfterMs: 20 });
  await invoke('r1');
  extension.started({ requestId: 'r1' });
  extension.take({ requestId: 'r1' });

  await expect.poll(asked).toBe(2);
});

it('holds until a deadline that is farther away than a timer of Node.js reaches', async () => {
  const { extension, asked, invoke } = startExtension({ releaseAfterMs: 1e15 });
  await invoke('r1');
  extension.started({ requestId: 'r1' });
  extension.take({ requestId: 'r1' });

  for (let turns = 0; turns < 20; turns += 1) await new Promise((next) => setImmediate(next));

  expect(asked()).toBe(1);
});

it('knows the deadline of the request that it holds', async () => {
  const { extension, invoke } = startExtension();

  await invoke('r1');

  expect(extension.deadlineOf('r1')).toBeGreaterThan(Date.now());
  expect(extension.deadlineOf('r0')).toBeUndefined();
});
