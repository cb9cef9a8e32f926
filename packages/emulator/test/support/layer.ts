import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A folder with these files, which goes with the test. Files are executable when they start with `#!`, unless a mode is given. */
export async function folder(
  files: Record<string, string | { content: string; mode: number }>,
): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'layer-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  for (const [name, file] of Object.entries(files)) {
    const path = join(root, name);
    const content = typeof file === 'string' ? file : file.content;
    const mode = typeof file === 'string' ? (content.startsWith('#!') ? 0o755 : 0o644) : file.mode;
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
    await chmod(path, mode);
  }
  return root;
}
