import type { ShutdownReason } from '../lambda-types.ts';
import { ActionInvalidError } from './errors.ts';

interface OfEnvironment {
  readonly functionName: string;
  readonly environmentId: string;
}

/** What the page asks for. */
export type Action =
  | ({ readonly action: 'freeze' | 'thaw' | 'show-pending' | 'fail-next-attempt' } & OfEnvironment)
  | ({ readonly action: 'delay-next-attempt'; readonly delayMs: number } & OfEnvironment)
  | ({
      readonly action: 'kill';
      readonly process: 'runtime' | { readonly extension: string };
    } & OfEnvironment)
  | {
      readonly action: 'shutdown';
      readonly functionName: string;
      /** Default: all environments of the function. */
      readonly environmentId?: string;
      readonly reason: ShutdownReason;
    }
  | { readonly action: 'invoke'; readonly functionName: string; readonly event: unknown }
  | { readonly action: 'destination-down'; readonly isDown: boolean };

type Fields = Readonly<Record<string, unknown>>;

const REASONS: readonly ShutdownReason[] = ['spindown', 'failure', 'timeout'];
const DEFAULT_DELAY_MS = 5_000;
/** As long as a function may run. */
const MAX_DELAY_MS = 900_000;

/** @throws {ActionInvalidError} */
export function readAction(body: unknown): Action {
  if (typeof body !== 'object' || body === null)
    throw new ActionInvalidError('it is no JSON object');
  const fields = body as Fields;
  const { action } = fields;
  switch (action) {
    case 'freeze':
    case 'thaw':
    case 'show-pending':
    case 'fail-next-attempt':
      return { action, ...readEnvironment(fields) };
    case 'delay-next-attempt':
      return { action, ...readEnvironment(fields), delayMs: readDelay(fields) };
    case 'kill':
      return { action, ...readEnvironment(fields), process: readProcess(fields) };
    case 'shutdown':
      return {
        action,
        functionName: readText(fields, 'functionName'),
        ...('environmentId' in fields && { environmentId: readText(fields, 'environmentId') }),
        reason: readReason(fields),
      };
    case 'invoke':
      return {
        action,
        functionName: readText(fields, 'functionName'),
        event: fields.event ?? null,
      };
    case 'destination-down':
      return { action, isDown: fields.isDown === true };
    default:
      throw new ActionInvalidError(`there is no action ${JSON.stringify(action) ?? ''}`.trimEnd());
  }
}

const readEnvironment = (fields: Fields): OfEnvironment => ({
  functionName: readText(fields, 'functionName'),
  environmentId: readText(fields, 'environmentId'),
});

function readText(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value === 'string' && value !== '') return value;
  throw new ActionInvalidError(`${name} is missing`);
}

function readDelay({ delayMs = DEFAULT_DELAY_MS }: Fields): number {
  if (typeof delayMs === 'number' && delayMs > 0 && delayMs <= MAX_DELAY_MS) return delayMs;
  throw new ActionInvalidError(`delayMs must be from 1 to ${MAX_DELAY_MS}`);
}

function readProcess({ process }: Fields): 'runtime' | { readonly extension: string } {
  if (process === 'runtime') return process;
  if (typeof process === 'object' && process !== null) {
    return { extension: readText(process as Fields, 'extension') };
  }
  throw new ActionInvalidError('process must be "runtime" or { "extension": NAME }');
}

function readReason({ reason }: Fields): ShutdownReason {
  const found = REASONS.find((known) => known === reason);
  if (found) return found;
  throw new ActionInvalidError(`reason must be one of ${REASONS.join(', ')}`);
}
