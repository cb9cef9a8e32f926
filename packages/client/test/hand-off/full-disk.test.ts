import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const program = fileURLToPath(new URL('fixtures/fills-its-disk.ts', import.meta.url));

/** Runs a program in its own mount namespace, where `/mnt` has 64 kB. */
function runOnSmallDisk(): { stdout: string } {
  const inside = 'mount -t tmpfs -o size=64k none /mnt && exec "$@"';
  const node = [process.execPath, '--conditions=@async-http/source', '--no-warnings', program];
  const stdout = execFileSync('unshare', ['-m', 'sh', '-c', inside, 'sh', ...node], {
    encoding: 'utf8',
  });
  return { stdout };
}

function canMount(): boolean {
  try {
    execFileSync('unshare', ['-m', 'mount', '-t', 'tmpfs', 'none', '/mnt'], { stdio: 'ignore' });
    return true;
  } catch {
    return false; // It takes a privilege.
  }
}

describe.runIf(canMount())('a hand-off when /tmp is full', () => {
  it('is refused with the reason, leaves nothing behind, and works again when there is room', () => {
    const { stdout } = runOnSmallDisk();

    expect(JSON.parse(stdout)).toEqual({
      small: 'r1.1',
      tooLarge: {
        code: 'ASYNC_HTTP_JOURNAL_UNWRITABLE',
        message:
          "The function's /tmp is full (ENOSPC in /mnt/async-http), so the job could not be kept and was not accepted. Delete files that the function leaves there, or give it more ephemeral storage.",
      },
      isLogUnchanged: true,
      smallAgain: 'r1.3',
      rung: ['r1.1', 'r1.3'],
    });
  });
});
