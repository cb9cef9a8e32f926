import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readProject } from '@async-http/emulator';
import { describe, expect, it } from 'vitest';
import { startDev } from '../src/emulator-dev.ts';
import { filesIn, writeProject } from './support/recipes.ts';
import { shared, type WhenOver } from './support/shared.ts';

// The project of docs/job-status.md, as a reader copies it.

const PAGE = readFileSync(join(import.meta.dirname, '../../../docs/job-status.md'), 'utf8');

describe.each(['template.yaml', 'serverless.yml'])(
  'the project of “Ask for a job”, with %s,',
  (file) => {
    const copy = (whenOver?: WhenOver) =>
      join(
        writeProject(
          filesIn(PAGE).filter(({ name }) => name === file || name.startsWith('src/')),
          whenOver,
        ),
        file,
      );
    const dev = shared(async (whenOver) => {
      const started = startDev(copy(whenOver));
      whenOver(() => started.close());
      return started;
    });
    const order = async (number: number) => {
      const url = `${await (await dev()).url()}/reports`;
      const reply = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ order: number }),
      });
      return { reply, body: (await reply.json()) as { jobId: string } };
    };
    const ask = async (path: string | null) => fetch(`${await (await dev()).url()}${path}`);

    it('is a project without warnings', async () => {
      const { warnings, unusable } = await readProject(copy());

      expect({ warnings, unusable }).toEqual({ warnings: [], unusable: [] });
    });

    it('replies at once, and returns the state of the job until its result is there', async () => {
      const { reply, body } = await order(7);
      expect(reply.status).toBe(202);
      const location = reply.headers.get('location');
      expect(location).toBe(`/jobs/${body.jobId}`);

      const first = await ask(location);
      expect(first.status).toBe(202);
      expect(first.headers.get('retry-after')).toBe('1');
      await expect
        .poll(async () => (await ask(location)).status, { timeout: 20_000, interval: 200 })
        .toBe(200);
      expect(await (await ask(location)).json()).toMatchObject({
        status: 'succeeded',
        result: { order: 7, pages: 3 },
      });
    });

    it('reports an order once, however often it is sent', async () => {
      const first = await order(8);
      const second = await order(8);

      expect(second.body).toEqual({ jobId: first.body.jobId, isDuplicate: true });
    });

    it('does not know other jobs', async () => {
      expect((await ask('/jobs/8f5c7a20.unknown')).status).toBe(404);
    });
  },
);
