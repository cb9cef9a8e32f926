import { existsSync, readFileSync } from 'node:fs';
import { type Answer, answerPath } from '@async-http/client/protocol';
import type { JobRing } from './log-folder.ts';

/** What the client that rang this has been answered; undefined before that. */
export function answerTo(folder: string, { log, offset }: JobRing): Answer | undefined {
  const path = answerPath(folder, log, offset);
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined;
}
