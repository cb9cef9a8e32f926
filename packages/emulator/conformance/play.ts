import { IdleSession } from './idle-session.ts';
import { differences } from './match.ts';
import type { Given, Rule } from './rule.ts';
import { send } from './send.ts';
import { ADDRESS_OF, type IdleEnvironment, type Target } from './target.ts';

export type Outcome =
  | { readonly rule: Rule; readonly result: 'agrees' }
  | { readonly rule: Rule; readonly result: 'differs'; readonly differences: readonly string[] }
  | { readonly rule: Rule; readonly result: 'not played'; readonly reason: string };

/** For one rule; the longest has to wait for an INIT of 10 s at most. */
const LIMIT_MS = 20_000;

/** An environment that has only one life can go through these states in this order. */
const ORDER: readonly Given[] = ['function', 'INIT', 'registered', 'running'];

/** Plays rules one after the other. */
export async function* play(rules: readonly Rule[], target: Target): AsyncGenerator<Outcome> {
  let shared: IdleSession | undefined;
  const inOrder = rules.toSorted((a, b) => ORDER.indexOf(a.given) - ORDER.indexOf(b.given));
  try {
    for (const rule of target.startIdle ? rules : inOrder) {
      const reason = target.startIdle ? undefined : whyNotPlayed(rule, target);
      if (reason !== undefined) {
        yield { rule, result: 'not played', reason };
      } else if (rule.given === 'function' || target.startIdle) {
        yield await playRule(rule, target);
      } else {
        shared ??= new IdleSession(idleAtAddress(target));
        yield await playWith(shared, rule, target);
      }
    }
  } finally {
    await shared?.close();
  }
}

/** Plays one rule, in its own environment if it needs one. */
export async function playRule(rule: Rule, target: Target): Promise<Outcome> {
  if (rule.given === 'function' || !target.startIdle) return playWith(undefined, rule, target);
  const session = new IdleSession(await target.startIdle());
  try {
    return await playWith(session, rule, target);
  } finally {
    await session.close();
  }
}

async function playWith(
  session: IdleSession | undefined,
  rule: Rule,
  { addresses, idleFunction }: Target,
): Promise<Outcome> {
  const signal = AbortSignal.timeout(LIMIT_MS);
  const found: string[] = [];
  try {
    await session?.reach(rule.given, signal);
    const base = session?.api ?? addresses[ADDRESS_OF[rule.interface]] ?? '';
    const {
      before,
      send: call,
      expect,
      caller,
    } = fill(rule, {
      ...session?.variables,
      idle: idleFunction,
    });
    for (const step of before) await send(base, step, signal);
    found.push(...differences(expect, await send(base, call, signal)));
    if (caller && session?.caller) {
      const answer = await orAborted(session.caller, signal);
      found.push(...differences(caller, answer).map((line) => `for the caller, ${line}`));
    }
    if (session && !rule.endsEnvironment) await orAborted(session.settle(signal), signal);
  } catch (error) {
    found.push(signal.aborted ? `no answer within ${LIMIT_MS / 1000} s` : describe(error));
  }
  return found.length === 0
    ? { rule, result: 'agrees' }
    : { rule, result: 'differs', differences: found };
}

function whyNotPlayed(rule: Rule, { addresses }: Target): string | undefined {
  const needed = [
    ADDRESS_OF[rule.interface],
    ...(rule.given === 'function' ? [] : (['invoke-api'] as const)),
  ];
  const missing = needed.find((name) => addresses[name] === undefined);
  if (missing !== undefined) return `no address for ${missing}`;
  return rule.endsEnvironment ? 'needs its own environment' : undefined;
}

function idleAtAddress({ addresses, idleFunction }: Target): IdleEnvironment {
  return {
    api: addresses['runtime-api'] ?? '',
    invoke: () => send(addresses['invoke-api'] ?? '', invokeCall(idleFunction)),
    close: async () => {},
  };
}

export const invokeCall = (functionName: string) => ({
  to: `POST /2015-03-31/functions/${functionName}/invocations`,
  body: { from: 'conformance' },
});

/** Puts values in the place of `{name}`, in every text of a rule. */
function fill<T>(value: T, variables: Readonly<Record<string, string>>): T {
  if (typeof value === 'string') {
    return value.replaceAll(/\{(\w+)\}/g, (text, name) => variables[name] ?? text) as T;
  }
  if (typeof value !== 'object' || value === null || value instanceof RegExp) return value;
  if (Array.isArray(value)) return value.map((part) => fill(part, variables)) as T;
  const parts = Object.entries(value).map(([key, part]) => [key, fill(part, variables)]);
  return Object.fromEntries(parts) as T;
}

function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return Promise.race([
    work,
    new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    }),
  ]);
}

/** undici's own message says little; its cause has the reason. */
function describe(error: unknown): string {
  const { message, code } = error as NodeJS.ErrnoException;
  return `no answer: ${message || code}`;
}
