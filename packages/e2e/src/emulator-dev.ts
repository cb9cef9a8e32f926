import { join } from 'node:path';
import { watchProgram } from '@async-http/test-support';

const CLI = join(import.meta.dirname, '../../emulator/src/cli.ts');

/** The emulator's `dev` on a free port, as a separate process. */
export function startDev(projectFile: string) {
  return watchProgram(
    process.execPath,
    ['--conditions=@async-http/source', CLI, 'dev', projectFile, '--port', '0'],
    { env: { ...process.env, NO_COLOR: '1' } },
  );
}
