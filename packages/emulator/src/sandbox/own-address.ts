import { randomInt } from 'node:crypto';

export const LOOPBACK = '127.0.0.1';

/**
 * A loopback address that no other environment on this machine has: Linux answers on all of 127.0.0.0/8. On Lambda too,
 * `sandbox.localdomain` is not 127.0.0.1 but an address of the environment (169.254.100.6 was seen).
 */
export function ownAddress(): string {
  return `127.${randomInt(1, 255)}.${randomInt(256)}.${randomInt(1, 255)}`;
}
