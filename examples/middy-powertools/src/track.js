import { setTimeout } from 'node:timers/promises';

/** In the place of a call to an analytics service, which takes a while. */
export async function track(path) {
  await setTimeout(1_000);
  console.log(`tracked ${path}`);
}
