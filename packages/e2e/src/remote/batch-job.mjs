// Works for a while, and says so when it is done; its first attempts may fail.
import { setTimeout as sleep } from 'node:timers/promises';
import ask from './ask.cjs';

export const handler = async ({ name, workMs, failures }, { attempt }) => {
  await sleep(workMs);
  if (attempt <= failures) throw new Error(`attempt ${attempt} of ${name} fails`);
  await ask('done', { name });
};
