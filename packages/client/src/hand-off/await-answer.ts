import { readFileSync, rmSync } from 'node:fs';
import { ExtensionUnreachableError } from '../errors.ts';
import { type Answer, answerPath, RECORD_STATES } from '../protocol/index.ts';
import type { JobLog, Place } from './job-log.ts';
import { refusalError } from './refusals.ts';

const SHORTEST_PAUSE_MS = 1;
const LONGEST_PAUSE_MS = 50;

/**
 * Waits until the extension has answered a delivery or a run. It polls instead of being notified: nothing has to be open
 * for the answer, so nothing breaks when Lambda freezes the environment or a process ends.
 *
 * @param limitMs counted from now, but an answer that is there counts, however late this process is
 * @throws the refusal as an error, or {@link ExtensionUnreachableError}
 */
export async function awaitAnswer(
  log: JobLog,
  place: Place,
  limitMs: number,
): Promise<Exclude<Answer, { status: 'refused' }>> {
  const giveUpAt = Date.now() + limitMs;
  const path = answerPath(log.folder, place.log, place.offset);
  for (let pauseMs = SHORTEST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 1.5, LONGEST_PAUSE_MS)) {
    const isLate = Date.now() >= giveUpAt;
    const isAnswered = log.stateMark(place) === RECORD_STATES.answered;
    const answer = isAnswered ? takeAnswer(path) : undefined;
    if (answer?.status === 'refused') throw refusalError(answer.refusal);
    if (answer) return answer;
    if (isLate) throw new ExtensionUnreachableError({ reason: 'no-answer', path, limitMs });
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}

function takeAnswer(path: string): Answer | undefined {
  try {
    const answer: Answer = JSON.parse(readFileSync(path, 'utf8'));
    rmSync(path, { force: true });
    return answer;
  } catch {
    return undefined; // The function has emptied /tmp: it is not to be had any more.
  }
}
