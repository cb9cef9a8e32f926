import type { Question } from '../stage.ts';
import type { World } from './world.ts';

/** So that it can be full without the machine's being so. Resolves to the function's next question. */
export async function giveDisk({ stage }: World, atFunction: Question): Promise<Question> {
  atFunction.answer({ do: 'give the logs their own disk' });
  return stage.asked('function', { step: 'invoked' });
}

/** Nothing more fits beside the logs. Resolves to the function's next question. */
export async function fillDisk({ stage }: World, atFunction: Question): Promise<Question> {
  atFunction.answer({ do: 'fill the disk of the logs' });
  return stage.asked('function', { filled: true });
}

/** Logs, bell and all else are gone from /tmp. Resolves to the function's next question. */
export async function emptyTmp({ stage }: World, atFunction: Question): Promise<Question> {
  atFunction.answer({ do: 'empty /tmp' });
  return stage.asked('function', { emptied: true });
}
