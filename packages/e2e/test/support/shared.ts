import { afterAll } from 'vitest';

/** Where is said what is to be done at the end: `onTestFinished`, or the same for several tests. */
export type WhenOver = (cleanUp: () => void | Promise<void>) => void;

/** A folder with installed packages has twenty thousand files, and the disk of a busy machine is slow. */
const CLEAN_UP_MS = 120_000;

/**
 * What the tests of a `describe` share: the first that asks for it starts it, and it is gone after the last one.
 * Environments take a second to start.
 */
export function shared<T>(start: (whenOver: WhenOver) => Promise<T>): () => Promise<T> {
  const cleanUps: (() => void | Promise<void>)[] = [];
  let started: Promise<T> | undefined;
  afterAll(async () => {
    for (const cleanUp of cleanUps.reverse()) await cleanUp();
  }, CLEAN_UP_MS);
  return () => {
    started ??= start((cleanUp) => cleanUps.push(cleanUp));
    return started;
  };
}
