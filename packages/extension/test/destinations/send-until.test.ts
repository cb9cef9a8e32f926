import { expect, it } from 'vitest';
import { classifyFailure } from '../../src/destinations/classify-failure.ts';
import { sendUntil } from '../../src/destinations/send-until.ts';

const target = { service: 's3', arn: 'arn:aws:s3:::bucket', name: 'bucket' } as const;
const classify = (cause: unknown) => classifyFailure(target, cause);

it('settles when the signal fires, even if the client never does', async () => {
  const deadline = new AbortController();
  const sending = sendUntil(
    { signal: deadline.signal },
    () => {
      setImmediate(() => deadline.abort());
      return new Promise(() => {});
    },
    classify,
  );

  await expect(sending).rejects.toMatchObject({ code: 'ASYNC_HTTP_DESTINATION_UNREACHABLE' });
});

it('does not try when the time is over already', async () => {
  let tries = 0;
  const sending = sendUntil({ signal: AbortSignal.abort() }, async () => void tries++, classify);

  await expect(sending).rejects.toMatchObject({ code: 'ASYNC_HTTP_DESTINATION_UNREACHABLE' });
  expect(tries).toBe(0);
});

it('ends the wait between two tries when the signal fires', async () => {
  const deadline = new AbortController();
  let tries = 0;
  const sending = sendUntil(
    { signal: deadline.signal },
    async () => {
      tries += 1;
      // By now a wait is seconds long.
      if (tries === 8) setImmediate(() => deadline.abort());
      throw new Error('down');
    },
    classify,
  );

  await expect(sending).rejects.toThrow('down');
});

it('tries once where one try is all that is granted', async () => {
  let tries = 0;
  const sending = sendUntil(
    { signal: new AbortController().signal, tries: 1 },
    async () => {
      tries += 1;
      throw new Error('down');
    },
    classify,
  );

  await expect(sending).rejects.toThrow('down');
  expect(tries).toBe(1);
});
