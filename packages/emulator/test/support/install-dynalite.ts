import { mkdirSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Gives a project folder the dynalite of this package. */
export function installDynalite(folder: string): void {
  const main = createRequire(import.meta.url).resolve('dynalite');
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(dirname(main), join(folder, 'node_modules', 'dynalite'));
}
