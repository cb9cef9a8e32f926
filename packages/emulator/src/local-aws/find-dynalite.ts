import { createRequire } from 'node:module';
import { join } from 'node:path';
import { DynaliteMissingError } from '../errors.ts';

/**
 * Main file of the dynalite that a folder, or one above, has among its packages.
 *
 * @throws code `ASYNC_HTTP_EMULATOR_DYNALITE_MISSING`.
 */
export function findDynalite(folder: string): string {
  try {
    return createRequire(join(folder, 'package.json')).resolve('dynalite');
  } catch {
    throw new DynaliteMissingError(folder);
  }
}
