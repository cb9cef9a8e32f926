import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { delimiter, dirname, extname, join, resolve } from 'node:path';
import { findEsbuild } from '../../bundle/esbuild.ts';
import { SynthesisError } from '../errors.ts';
import { pseudoParameters } from '../pseudo-parameters.ts';
import { REGION } from '../template-scope.ts';
import type { CdkApp } from './app.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Exit code of a shell that does not find the command, and npm's words for it. */
const NOT_FOUND = 127;
const NOT_INSTALLED = /ENOTCACHED|npx canceled/;
/** The package that npx lacks, as npm writes it where it knows nothing of it, and where it does. */
const MISSING_PACKAGE =
  /\/((?:@[^/\s]+(?:\/|%2f))?[^/\s]+) failed: cache mode|npx canceled [^[]*\["(@?[^@"]+)/i;
/** Linux takes no longer variable. */
const MAX_VARIABLE_BYTES = 131_071;
const MAX_OUTPUT_CHARS = 10_000;

/**
 * Runs an app so that it writes its `cdk.out`, as the CLI of the CDK would, but without a look at AWS.
 *
 * @returns why it cannot be run on this machine; undefined when it has written.
 * @throws code `ASYNC_HTTP_EMULATOR_SYNTHESIS_FAILED` when the app fails.
 */
export async function synthesize(
  app: CdkApp & { readonly command: string },
  { env, signal }: { env: Environment; signal: AbortSignal },
): Promise<string | undefined> {
  const { folder, command } = app;
  const child = spawn(executable(folder, command), {
    cwd: folder,
    env: appEnvironment(app, env),
    shell: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    // A separate group, to end what the shell has started too.
    detached: true,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-MAX_OUTPUT_CHARS);
    });
  }
  const end = () => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    } catch {
      // It has just ended.
    }
  };
  signal.addEventListener('abort', end, { once: true });
  try {
    const [code, killedBy] = (await once(child, 'close')) as [number | null, string | null];
    if (code === 0) return undefined;
    if (code === NOT_FOUND || NOT_INSTALLED.test(output)) return notInstalled(command, output);
    throw new SynthesisError(folder, {
      problem: `"${command}" ended with ${killedBy ?? `exit code ${code}`}`,
      output: output.trim(),
    });
  } finally {
    signal.removeEventListener('abort', end);
  }
}

/** npx would install what is missing without a question; here the person decides. */
function notInstalled(command: string, output: string): string {
  const name = MISSING_PACKAGE.exec(output)?.slice(1).find(Boolean);
  if (name === undefined) return `"${command}" is not installed`;
  const missing = decodeURIComponent(name);
  return `"${command}" needs ${missing}, which is not installed (npm install --save-dev ${missing})`;
}

/** The CDK's CLI runs a script that is named alone with Node.js. */
function executable(folder: string, command: string): string {
  const script = resolve(folder, command);
  return extname(script) === '.js' && existsSync(script) ? `node "${script}"` : command;
}

/** @see https://docs.aws.amazon.com/cdk/v2/guide/environments.html, and aws-cdk-lib/cx-api */
function appEnvironment(app: CdkApp, env: Environment): Record<string, string | undefined> {
  const context = JSON.stringify(app.context);
  if (Buffer.byteLength(context) > MAX_VARIABLE_BYTES - 'CDK_CONTEXT_JSON='.length) {
    throw new SynthesisError(app.folder, {
      problem: 'its context (cdk.json, cdk.context.json) has more than 128 KB',
    });
  }
  const { account, region } = lookedUpFor(context);
  const defaultRegion = env.AWS_REGION || env.AWS_DEFAULT_REGION || region || REGION;
  return {
    CDK_DEFAULT_ACCOUNT: account ?? pseudoParameters(REGION, '')['AWS::AccountId'],
    CDK_DEFAULT_REGION: defaultRegion,
    // npx installs nothing.
    npm_config_offline: 'true',
    npm_config_yes: 'false',
    ...env,
    // Commands of the project's packages, as with `npx cdk`. NodejsFunction bundles with esbuild if it
    // finds one, else in a container.
    PATH: [...binFolders(app.folder), env.PATH, esbuildFolder(app.folder)].join(delimiter),
    CDK_OUTDIR: app.output,
    CDK_CONTEXT_JSON: context,
  };
}

/** Values that were looked up in AWS count only for this account and region. */
function lookedUpFor(context: string): { account: string | undefined; region: string | undefined } {
  return {
    account: /:account=(\d{12})[:"]/.exec(context)?.[1],
    region: /:region=([a-z0-9-]+)[:"]/.exec(context)?.[1],
  };
}

function binFolders(folder: string): string[] {
  const above = dirname(folder);
  return [join(folder, 'node_modules/.bin'), ...(above === folder ? [] : binFolders(above))];
}

const esbuildFolder = (folder: string): string =>
  join(dirname(dirname(findEsbuild(folder))), 'bin');
