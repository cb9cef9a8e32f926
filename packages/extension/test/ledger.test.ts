import { expect, it } from 'vitest';
import { Ledger } from '../src/ledger.ts';

it('admits a hand-off once, however often it comes', async () => {
  const ledger = new Ledger();
  const admit = async () => ({ jobId: ledger.nextId('r1') });

  const answers = await Promise.all([ledger.once('k1', admit), ledger.once('k1', admit)]);

  expect(answers).toEqual([{ jobId: 'r1.1' }, { jobId: 'r1.1' }]);
  expect(await ledger.once('k2', admit)).toEqual({ jobId: 'r1.2' });
});

it('lets a refused one come again', async () => {
  const ledger = new Ledger();
  await ledger.once('k1', () => Promise.reject(new Error('not ready'))).catch(() => {});

  expect(await ledger.once('k1', async () => ({ jobId: 'r1.1' }))).toEqual({ jobId: 'r1.1' });
});

it('knows what an earlier extension of the environment accepted', async () => {
  const ledger = new Ledger();
  ledger.takeOver({ idempotencyKey: 'k1', requestId: 'r1', jobId: 'r1.7' });

  expect(await ledger.once('k1', () => Promise.reject(new Error('again')))).toEqual({
    jobId: 'r1.7',
  });
  expect(ledger.nextId('r1')).toBe('r1.8');
});
