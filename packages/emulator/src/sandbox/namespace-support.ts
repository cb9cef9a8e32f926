import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The environments' first process has no other, so that the developer's PATH changes nothing. */
export const SYSTEM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

const OWN_NAMESPACES = ['--mount', '--pid', '--fork', '--kill-child'];
/** For users other than root: root inside their own user namespace. */
const AS_ROOT = ['--user', '--map-root-user'];

/** What the environments' first process will need. */
const PROBE =
  'mount --bind /tmp /tmp && chroot / true && command -v setsid && command -v mkfifo && env -i true';

let support: Promise<{ flags: string[] } | { refusal: string }> | undefined;

/** Why this machine refuses the namespaces that an environment needs; undefined when it allows them. */
export async function namespaceRefusal(): Promise<string | undefined> {
  const answer = await findSupport();
  return 'refusal' in answer ? answer.refusal : undefined;
}

/** Arguments for `unshare`, to be followed by the program. */
export async function unshareFlags(): Promise<readonly string[]> {
  const answer = await findSupport();
  return 'flags' in answer ? answer.flags : OWN_NAMESPACES;
}

/** Asked once: the answer does not change while we run. */
function findSupport() {
  support ??= probe();
  return support;
}

async function probe(): Promise<{ flags: string[] } | { refusal: string }> {
  if (process.platform !== 'linux') return { refusal: `${process.platform} has no namespaces` };
  const isRoot = process.getuid?.() === 0;
  let refusal = '';
  for (const extra of isRoot ? [[], AS_ROOT] : [AS_ROOT]) {
    const flags = [...extra, ...OWN_NAMESPACES];
    try {
      await run('unshare', [...flags, 'sh', '-c', PROBE], {
        timeout: 10_000,
        env: { PATH: SYSTEM_PATH },
      });
      return { flags };
    } catch (error) {
      refusal = (error as { stderr?: string }).stderr?.trim() || (error as Error).message;
    }
  }
  return { refusal };
}
