import { join } from 'node:path';

/** The job that a key stands for. */
export interface KeyOwner {
  readonly jobId: string;
  /** SHA-256 of what has to be the same when the key is used again; empty when nothing has to. */
  readonly payloadHash: string;
}

/**
 * What a key stands for in this environment: a file in the folder of keys, named after the key's hash. While it is
 * there and has not expired, the job is open or has succeeded; the extension removes it when the job has failed.
 */
export interface KeyClaim extends KeyOwner {
  /** In ms since the epoch. */
  readonly expiresAt: number;
}

/** Whether this is a SHA-256 as {@link JobFacts} have it: nothing else may become part of a path. */
export function isKeyHash(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
}

export function keyFolder(folder: string): string {
  return join(folder, 'keys');
}

export function keyPath(folder: string, keyHash: string): string {
  return join(keyFolder(folder), keyHash);
}

/** @returns undefined for anything but a whole claim, such as one that is just being written */
export function parseKeyClaim(json: string): KeyClaim | undefined {
  try {
    const { jobId, payloadHash, expiresAt } = JSON.parse(json);
    const isClaim =
      typeof jobId === 'string' && typeof payloadHash === 'string' && Number.isFinite(expiresAt);
    return isClaim ? { jobId, payloadHash, expiresAt } : undefined;
  } catch {
    return undefined;
  }
}
