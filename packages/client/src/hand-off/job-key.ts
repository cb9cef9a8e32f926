import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { KeyConflictError, KeyInvalidError } from '../errors.ts';
import {
  type KeyClaim,
  type KeyOwner,
  keyFolder,
  keyPath,
  parseKeyClaim,
} from '../protocol/index.ts';
import { info } from '../report.ts';
import type { HandedOff } from './client.ts';
import type { JobKey } from './keyed-hand-off.ts';

/** A whole number with its unit. */
export type Duration = `${number}${'s' | 'm' | 'h' | 'd'}`;

export interface JobKeyOptions {
  /** How long the key is remembered, from the hand-off. Default: `1h`. At most `30d`. */
  readonly ttl?: Duration | undefined;
  /**
   * What has to be the same when the key is used again. Default: the body of an HTTP event, or the whole of any other
   * event. `null` for nothing: some senders change a detail when they repeat a delivery.
   */
  readonly payload?: unknown;
}

const MAX_KEY_LENGTH = 1_024;
const UNITS_MS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const MAX_TTL_MS = 30 * UNITS_MS.d;

/** Each is a file in /tmp. */
const MOST_KEYS = 2_000;

/** The hashes of the keys that have a file in a folder, oldest first. */
const remembered = /* @__PURE__ */ new Map<string, Set<string>>();

/**
 * Identifies work, so that it is not started twice: `sendArgs(event, context, { key: jobKey(id) })`. While a job with
 * the same key is open in this environment, or has succeeded within `ttl`, `sendArgs` starts nothing and resolves to that
 * job's id, with `isDuplicate`. A job that has failed does not count: its key may be used again.
 *
 * Other environments of the function know the key where `ASYNC_HTTP_STORE` names a DynamoDB table: then it is claimed
 * there first, with one request, and `sendArgs` rejects with `ASYNC_HTTP_STORE_FAILED` when that cannot be done. Without
 * it, keep your own record of what must happen only once.
 *
 * @param key such as the id of a webhook delivery; 1 to 1,024 characters. It is kept as its SHA-256.
 * @throws {KeyInvalidError} for an invalid key or `ttl`, and for unknown options
 */
export function jobKey(key: string, options: JobKeyOptions = {}): JobKey {
  if (typeof key !== 'string' || key === '' || key.length > MAX_KEY_LENGTH) {
    const found = typeof key === 'string' ? `has ${key.length}` : `is of type ${typeof key}`;
    throw new KeyInvalidError(
      `A key must be a string of 1 to ${MAX_KEY_LENGTH} characters; this one ${found}`,
    );
  }
  const { ttl = '1h', payload, ...unknown } = Object(options) as JobKeyOptions;
  // Otherwise a misspelt ttl, or one that is not in an object, would silently become one hour.
  const [wrong] = typeof options === 'object' ? Object.keys(unknown) : [options];
  if (wrong !== undefined) {
    throw new KeyInvalidError(
      `The options of jobKey() are { ttl, payload }; ${JSON.stringify(wrong)} is not one of them`,
    );
  }
  const [, count, unit = 's'] = /^(\d{1,9})([smhd])$/.exec(ttl) ?? [];
  const ttlMs = Number(count) * UNITS_MS[unit as keyof typeof UNITS_MS];
  if (!(ttlMs > 0 && ttlMs <= MAX_TTL_MS)) {
    throw new KeyInvalidError(
      `ttl must be a whole number with s, m, h or d, such as "24h", and at most "30d"; it is ${JSON.stringify(ttl)}`,
    );
  }
  const hash = sha256(key);
  return {
    hash,
    async handOff({ folder, event, store, append }) {
      const path = keyPath(folder, hash);
      const compared = payload === undefined ? payloadOf(event) : payload;
      const payloadHash = compared === null ? '' : sha256(JSON.stringify(compared) ?? '');
      const known = readClaim(path);
      if (known) return duplicateOf(known, payloadHash);
      const expiresAt = Date.now() + ttlMs;
      // Loaded only where there is one.
      const shared =
        store &&
        (await import('@async-http/client/store')).keyInStore(
          { hash, payloadHash, expiresAtMs: expiresAt },
          store,
        );
      const owner = shared && (await shared.claim());
      if (owner) return duplicateOf(owner, payloadHash);
      try {
        const { jobId, accepted, hasFailed } = append();
        // Without a store, nothing is awaited until here: a second hand-off with this key may be waiting for its turn.
        claim(folder, hash, { jobId, payloadHash, expiresAt });
        // It may have failed already, and then the extension has looked for its key before that was there.
        if (hasFailed()) unclaim(path);
        await accepted;
        return { jobId, isDuplicate: false };
      } catch (error) {
        unclaim(path);
        await shared?.release();
        throw error;
      }
    },
  };
}

/** @throws {KeyConflictError} */
function duplicateOf(owner: KeyOwner, payloadHash: string): HandedOff {
  if (owner.payloadHash && payloadHash && owner.payloadHash !== payloadHash) {
    throw new KeyConflictError(owner, payloadHash);
  }
  const { jobId } = owner;
  info(`[async-http] nothing started: the key stands for this job ${JSON.stringify({ jobId })}`);
  return { jobId, isDuplicate: true };
}

function claim(folder: string, hash: string, claimed: KeyClaim): void {
  try {
    mkdirSync(keyFolder(folder), { recursive: true, mode: 0o700 });
    writeFileSync(keyPath(folder, hash), JSON.stringify(claimed), { mode: 0o600 });
    remember(folder, hash);
  } catch {
    // /tmp is full. The job counts, and its key may start a second one.
  }
}

/** @returns what the key stands for; undefined when it stands for nothing, or no longer */
function readClaim(path: string): KeyClaim | undefined {
  try {
    const claim = parseKeyClaim(readFileSync(path, 'utf8'));
    return claim && claim.expiresAt > Date.now() ? claim : undefined;
  } catch {
    return undefined;
  }
}

function unclaim(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // Nothing is there, not even its folder.
  }
}

/** The oldest keys make room for the latest. */
function remember(folder: string, hash: string): void {
  // What a process before this one has left counts too.
  const hashes = remembered.get(folder) ?? new Set(readdirSync(keyFolder(folder)));
  remembered.set(folder, hashes);
  hashes.delete(hash);
  hashes.add(hash);
  for (const oldest of hashes) {
    if (hashes.size <= MOST_KEYS) return;
    hashes.delete(oldest);
    rmSync(keyPath(folder, oldest), { force: true });
  }
}

/** Of an HTTP event, the rest differs each time. */
function payloadOf(event: unknown): unknown {
  const { requestContext, body } = Object(event) as { requestContext?: unknown; body?: unknown };
  return requestContext === undefined ? event : (body ?? '');
}

/** Not by an import, which would take time while the function starts. */
function sha256(text: string): string {
  return process.getBuiltinModule('node:crypto').createHash('sha256').update(text).digest('hex');
}
