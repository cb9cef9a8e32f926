import type { ShutdownReason } from '../lambda-types.ts';
import type { Invocation } from '../parties/invocation.ts';
import type { EnvironmentControl } from './environment-control.ts';

/** What takes the invocations of a function: a pool of environments, or a managed instance. */
export interface InvocationTarget {
  /** @returns false when the invocation was throttled. */
  accept(invocation: Invocation): boolean;
  /** Resolves when nothing works, starts or waits. */
  idle(): Promise<void>;
  /** SHUTDOWN of every environment, once nothing works in it. */
  shutdown(reason: ShutdownReason): Promise<void>;
  /** Starts no more environments; a request that waits for one is rejected unless one that is there can take it. */
  stopStarting(): void;
  /** Ends what runs or waits as a reset does, with SHUTDOWN; `idle()` tells when that is over. */
  interrupt(): void;
  kill(process: 'runtime' | { extension: string }): Promise<void>;
  close(): Promise<void>;
  /** The environments that are there, to act on them by hand. */
  controls(): readonly EnvironmentControl[];
}
