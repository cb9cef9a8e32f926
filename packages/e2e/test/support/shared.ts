import { afterAll } from 'vitest';

/** Where is said what is to be done at the end: `onTestFinished`, or the same for several tests. */
export type WhenOver = (cleanUp: () => void | Promise<void>) => void;

/**
 * What the tests of a `describe` share: the first that asks for it starts it, and it is gone after the last one.
 * Environments take a second to start.
 */
export function shared<T>(start: (whenOver: WhenOver) => Promise<T>): () => Promise<T> {
  const cleanUps: (() => void | Promise<void>)[] = [];
  let started: Promise<T> | undefined;
  afterAll(async () => {
    for (const cleanUp of cleanUps.reverse()) await cleanUp();
  });
  return () => {
    started ??= start((cleanUp) => cleanUps.push(cleanUp));
    return started;
  };
}
