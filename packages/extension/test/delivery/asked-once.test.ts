import { describe, expect, it } from 'vitest';
import { AskedOnce } from '../../src/delivery/asked-once.ts';
import { answerTo } from '../support/answers.ts';
import { type factsOf, logFolder } from '../support/log-folder.ts';

const FACTS = { kind: 'delivery', acceptedAt: 1_000 } as const;

function start() {
  const { client, logs, folder } = logFolder();
  const first = client();
  const second = client(2);
  const askedOnce = new AskedOnce();
  const write = (log: typeof first, facts: Partial<ReturnType<typeof factsOf>> = {}) => {
    const ring = log.append({ ...FACTS, ...facts });
    const entry = logs.find(ring);
    if (!entry) throw new Error('not found');
    return { entry, isRepeated: askedOnce.isRepeated(entry), answer: () => answerTo(folder, ring) };
  };
  return { first, second, write };
}

describe('what a client asks', () => {
  it('is one question when it is written into two logs, and both have the answer', () => {
    const { first, second, write } = start();
    const asked = write(first);
    const again = write(second);
    expect([asked.isRepeated, again.isRepeated]).toEqual([false, true]);

    asked.entry.answer('{"status":"delivered"}');

    expect([asked.answer(), again.answer()]).toEqual([
      { status: 'delivered' },
      { status: 'delivered' },
    ]);
  });

  it('has its answer at once when the first one has been answered', () => {
    const { first, second, write } = start();
    write(first).entry.answer('{"status":"delivered"}');

    expect(write(second).answer()).toEqual({ status: 'delivered' });
  });

  it.each([
    ['another job', { jobId: 'r1.2' }],
    ['the same job in another request', { requestId: 'r2' }],
    ['the job of the same id of a function that has begun again', { acceptedAt: 2_000 }],
  ])('is another question for %s', (_, facts) => {
    const { first, second, write } = start();
    write(first);

    expect(write(second, facts).isRepeated).toBe(false);
  });
});
