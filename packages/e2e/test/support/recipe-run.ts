import { expect, it } from 'vitest';
import { startDev } from '../../src/emulator-dev.ts';
import type { WhenOver } from './shared.ts';

/** `dev` of a recipe's project. */
export async function startRecipe(projectFile: string, whenOver: WhenOver) {
  const dev = startDev(projectFile);
  whenOver(() => dev.close());
  return {
    ...dev,
    request: async (mood: string) =>
      fetch(`${await dev.url()}/report?mood=${mood}`, { method: 'POST' }),
  };
}

/** What every recipe promises for a function that runs its own jobs. */
export function itWorksInItsEnvironment(
  dev: () => ReturnType<typeof startRecipe>,
  record: RegExp,
): void {
  it('replies first, and finishes the report afterwards', async () => {
    const reply = await (await dev()).request('good');

    expect(reply.status).toBe(202);
    expect(await reply.text()).toMatch(/\.1$/);
    await (await dev()).sees(/→ 202.*: finished\n.*tail [\d,]+ ms.*environment frozen/s);
  });

  it('sends the record of a failed job to the queue', async () => {
    const reply = await (await dev()).request('bad');

    expect(reply.status).toBe(202);
    await (await dev()).sees(record);
  });
}

/** What every recipe promises for jobs that go through a queue, by the names that `dev` shows. */
export function itWorksThroughAQueue(
  dev: () => ReturnType<typeof startRecipe>,
  { worker, queue }: { readonly worker: string; readonly queue: string },
): void {
  it('replies when the queue has the job, and the worker finishes the report', async () => {
    const reply = await (await dev()).request('good');

    expect(reply.status).toBe(202);
    expect(await reply.text()).toMatch(/\.1$/);
    await (await dev()).sees(new RegExp(` ${worker}·1 .*: finished\n`));
    await (await dev()).sees(new RegExp(` ${worker} +→ 1 message of ${queue} done in`));
  });

  it('keeps a failed job in the queue', async () => {
    const reply = await (await dev()).request('bad');

    expect(reply.status).toBe(202);
    await (await dev()).sees(new RegExp(` ${worker} +→ 1 of 1 message of ${queue} failed in`));
  });
}
