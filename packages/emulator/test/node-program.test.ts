import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { findNodeProgram } from '../src/node-program.ts';

it('the Node.js of a runtime is the one on the PATH that has its version in the name', async () => {
  const major = process.versions.node.startsWith('22.') ? 24 : 22;
  const folder = mkdtempSync(join(tmpdir(), 'node-program-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const program = join(folder, `node${major}`);
  writeFileSync(program, `#!/bin/sh\necho "$0"\necho v${major}.99.0\n`);
  chmodSync(program, 0o755);
  vi.stubEnv('PATH', `${folder}:${process.env.PATH}`);
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });

  expect(await findNodeProgram(`nodejs${major}.x`, undefined)).toEqual({
    path: program,
    version: `v${major}.99.0`,
  });
});
