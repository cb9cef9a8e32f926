import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';

const ELF = Buffer.from([0x7f, 0x45, 0x4c, 0x46]);
/** Longest first line that Linux reads for an interpreter. */
const INTERPRETER_LINE_BYTES = 256;

/**
 * Why the system could not execute this file; undefined when it could. Asked beforehand, because
 * the programs that lead into an environment would try a shell instead, and Lambda does not.
 */
export async function findLaunchProblem(
  file: string,
  optFolder: string,
): Promise<string | undefined> {
  const { mode } = await stat(file);
  if ((mode & 0o111) === 0) return 'PermissionDenied';
  const start = await readStart(file);
  if (start.subarray(0, ELF.length).equals(ELF)) return undefined;
  const interpreter = /^#!\s*(\S+)/.exec(start.toString('latin1'))?.[1];
  if (!interpreter) return 'exec format error';
  // Of the folders that a program can be in, only /opt and /var differ from the machine's.
  const path = interpreter.startsWith('/opt/')
    ? join(optFolder, interpreter.slice('/opt'.length))
    : interpreter;
  if (interpreter === '/var/lang/bin/node') return undefined;
  const isThere = await stat(path).then(
    () => true,
    () => false,
  );
  return isThere ? undefined : 'no such file or directory';
}

async function readStart(file: string): Promise<Buffer> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read({
      buffer: Buffer.alloc(INTERPRETER_LINE_BYTES),
    });
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}
