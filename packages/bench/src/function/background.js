// The background handler that is measured.
import { writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';

const endedAt = [];

/**
 * Works for `workMs` and notes when it ends, on the clock that all processes share. The notes are written
 * to the file `report` when a job asks for them, as writing each of them would be part of what is measured.
 */
export async function handler({ workMs, report } = {}) {
  if (report !== undefined) {
    writeFileSync(report, JSON.stringify(endedAt));
    return;
  }
  if (workMs === undefined) return;
  await setTimeout(workMs);
  endedAt.push(Number(process.hrtime.bigint()) / 1e6);
}
