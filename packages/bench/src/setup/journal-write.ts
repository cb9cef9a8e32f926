import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
// Not in what the package exports, and only seen from within in the layer: from the sources.
import { Journal } from '../../../extension/src/journal.ts';
import { now } from '../clock.ts';
import type { Stand } from '../figure.ts';

/**
 * What the extension's journal adds to a hand-off, in ms.
 *
 * @returns a function that takes one sample: the write of a job. Its removal comes after the answer.
 */
export async function journalWrite({ onEnd }: Stand, body: Buffer): Promise<() => Promise<number>> {
  const folder = await mkdtemp(join(tmpdir(), 'async-http-bench-'));
  onEnd(() => rm(folder, { recursive: true, force: true }));
  const silent = () => {};
  const log = { debug: silent, info: silent, warn: silent, error: silent };
  const journal = new Journal({ folder, log });
  const requestId = '8476a536-e9f4-11e8-9739-2dfe598c3fcd';
  return async () => {
    const facts = {
      jobId: `${requestId}.1`,
      requestId,
      deadlineMs: Date.now() + 30_000,
      idempotencyKey: `${requestId}-1`,
      acceptedAt: Date.now(),
    };
    const startedAt = now();
    const entry = journal.write(facts, body);
    const durationMs = now() - startedAt;
    entry.remove();
    return durationMs;
  };
}
