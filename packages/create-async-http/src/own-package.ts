import { readFileSync } from 'node:fs';

interface OwnPackage {
  readonly version: string;
  /** The versions of our packages that this version writes into projects. */
  readonly devDependencies: Readonly<Record<string, string>>;
}

/** The `package.json` of this package, as published. */
export function ownPackage(): OwnPackage {
  return JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
}
