import { NodeTooOldError } from './errors.ts';

// The same as "engines" in package.json, which npx does not enforce.
const NEEDED = '22.19.0';

/** @throws code `ASYNC_HTTP_EMULATOR_NODE_TOO_OLD`. */
export function checkNodeVersion(version: string): void {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [neededMajor = 0, neededMinor = 0] = NEEDED.split('.').map(Number);
  if (major < neededMajor || (major === neededMajor && minor < neededMinor)) {
    throw new NodeTooOldError({ version, needed: NEEDED });
  }
}
