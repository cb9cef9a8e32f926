import { createRequire } from 'node:module';

/** A Node.js to measure with. */
export interface NodeProgram {
  readonly major: number;
  readonly path: string;
}

/** The Node.js that runs this, and Node.js 22 from its package where that is installed. */
export function nodePrograms(): NodeProgram[] {
  const own = { major: Number.parseInt(process.versions.node, 10), path: process.execPath };
  if (own.major === 22) return [own];
  try {
    const path = createRequire(import.meta.url).resolve('node-22-linux-x64/bin/node');
    return [own, { major: 22, path }];
  } catch {
    return [own];
  }
}
