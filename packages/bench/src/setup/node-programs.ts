import { createRequire } from 'node:module';

/** A Node.js to measure with. */
export interface NodeProgram {
  readonly major: number;
  readonly path: string;
}

/**
 * Where the package with Node.js 22 is found, if it is installed. It is no dependency of ours: it would
 * become the `node` of our own scripts.
 */
const INSTALLED_FOR = new URL('../../../e2e/package.json', import.meta.url);

/** The Node.js that runs this, and Node.js 22 where the tests have it. */
export function nodePrograms(): NodeProgram[] {
  const own = { major: Number.parseInt(process.versions.node, 10), path: process.execPath };
  if (own.major === 22) return [own];
  try {
    const path = createRequire(INSTALLED_FOR).resolve('node-22-linux-x64/bin/node');
    return [own, { major: 22, path }];
  } catch {
    return [own];
  }
}
