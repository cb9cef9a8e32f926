// A background handler that would work for ever.
import { setTimeout } from 'node:timers/promises';

export async function handler() {
  console.log('the job works');
  while (true) await setTimeout(60_000);
}
