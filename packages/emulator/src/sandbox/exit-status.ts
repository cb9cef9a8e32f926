import type { ExitStatus } from './sandbox.ts';
import { signalNameOf } from './signal-name.ts';

const SAID_BY_PROGRAMS = new Set([128, 129, 130, 143]);

/**
 * The shell's `$?` is the exit code, or 128 + signal. Exit codes 128, 129 (both used by AWS's runtime
 * client), 130 and 143 are taken for what programs say themselves, the others for signals.
 */
export function exitStatus(status: number): ExitStatus {
  const signal = SAID_BY_PROGRAMS.has(status) ? undefined : signalNameOf(status - 128);
  return signal ? `signal: ${signal}` : `exit status ${status}`;
}
