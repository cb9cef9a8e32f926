import { totalmem } from 'node:os';

/** What a small function and its extensions take. */
const ENVIRONMENT_BYTES = 64 * 1024 * 1024;
const MAX_ENVIRONMENTS = 50;

/**
 * Environments of one function that this machine runs at once: a quarter of its memory. Requests beyond
 * that wait, as they would not on Lambda.
 */
export function environmentLimit(memoryBytes = totalmem()): number {
  const fitting = Math.floor(memoryBytes / 4 / ENVIRONMENT_BYTES);
  return Math.max(2, Math.min(MAX_ENVIRONMENTS, fitting));
}
