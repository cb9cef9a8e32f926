import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/**
 * Calls the AWS CLI.
 *
 * @param {readonly string[]} args
 * @returns {Promise<any>} its JSON; undefined for a call that answers nothing.
 * @throws with what the CLI says.
 */
export async function aws(args) {
  try {
    const { stdout } = await promisify(execFile)('aws', [...args, '--output', 'json']);
    return stdout.trim() === '' ? undefined : JSON.parse(stdout);
  } catch (cause) {
    const reason = cause.code === 'ENOENT' ? 'The AWS CLI is not installed' : cause.stderr?.trim();
    throw new Error(`aws ${args.slice(0, 2).join(' ')}: ${reason || cause.message}`, { cause });
  }
}
