import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { parseArgs } from 'node:util';
import { type BuildLayerOptions, type BuiltLayer, buildLayer } from './build-layer.ts';
import { type LayerVerification, verifyLayer } from './verify-layer.ts';

const HELP = `Usage: async-http-layer build [--out FILE] [--dir FOLDER]
       async-http-layer verify ZIP|ARN

build writes the async-http Lambda layer. verify builds it in memory and compares it, byte for byte, with a zip or with a
published layer version (which needs the AWS CLI).

Options:
  --out FILE    write the layer's zip to FILE
                (default: dist/layer.zip of this package, unless --dir is given)
  --dir FOLDER  write the layer's files to FOLDER, e.g. for COPY … /opt in a container image
  --help        show this text
  --version     show the version
`;

/** What a run of the program leaves behind. */
export interface CommandResult {
  /** 0 done, 1 the layer was not built or is another one, 2 wrong arguments. */
  readonly exitCode: 0 | 1 | 2;
  readonly stdout?: string;
  readonly stderr?: string;
}

/** Runs `async-http-layer` with the arguments that follow the program's name. */
export async function runCommandLine(args: readonly string[]): Promise<CommandResult> {
  const command = readArguments(args);
  switch (command.do) {
    case 'help':
      return { exitCode: 0, stdout: HELP };
    case 'version':
      return { exitCode: 0, stdout: `${ownVersion()}\n` };
    case 'refuse':
      return { exitCode: 2, stderr: `async-http-layer: ${command.because}\n\n${HELP}` };
    case 'build':
      return orFailed(async () => ({
        exitCode: 0,
        stdout: report(await buildLayer(command.options)),
      }));
    case 'verify':
      return orFailed(async () => reportVerification(await verifyLayer(command.source)));
    default:
      return command satisfies never;
  }
}

async function orFailed(run: () => Promise<CommandResult>): Promise<CommandResult> {
  try {
    return await run();
  } catch (error) {
    return { exitCode: 1, stderr: `async-http-layer: ${describe(error)}\n` };
  }
}

type Command =
  | { readonly do: 'help' | 'version' }
  | { readonly do: 'refuse'; readonly because: string }
  | { readonly do: 'build'; readonly options: BuildLayerOptions }
  | { readonly do: 'verify'; readonly source: string };

function readArguments(args: readonly string[]): Command {
  try {
    const { values: options, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        out: { type: 'string' },
        dir: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
        version: { type: 'boolean', short: 'v' },
      },
    });
    if (options.help) {
      return { do: 'help' };
    }
    if (options.version) {
      return { do: 'version' };
    }
    const [name, source, ...more] = positionals;
    if (name === 'verify') {
      return source === undefined || more.length > 0
        ? { do: 'refuse', because: 'verify needs one zip or ARN' }
        : { do: 'verify', source };
    }
    if (positionals.length !== 1 || name !== 'build') {
      const given = positionals.length === 0 ? 'none was given' : `not "${positionals.join(' ')}"`;
      return { do: 'refuse', because: `the commands are "build" and "verify", ${given}` };
    }
    if (options.out === '' || options.dir === '') {
      return { do: 'refuse', because: '--out and --dir need a path' };
    }
    return {
      do: 'build',
      options: {
        ...(options.out !== undefined && { out: options.out }),
        ...(options.dir !== undefined && { dir: options.dir }),
      },
    };
  } catch (error) {
    // Node's own text names the flag; what it adds about positionals does not help here.
    return { do: 'refuse', because: describe(error).replace(/\. To specify .*/s, '') };
  }
}

function report({ out, dir, zipBytes, codeSha256 }: BuiltLayer): string {
  const kB = (zipBytes / 1000).toFixed(1);
  return [
    out !== undefined && `${shown(out)}  ${kB} kB  CodeSha256 ${codeSha256}\n`,
    dir !== undefined && `${shown(dir)}  copy its content to /opt\n`,
  ]
    .filter((line) => line !== false)
    .join('');
}

function reportVerification(verification: LayerVerification): CommandResult {
  const { isIdentical, expectedSha256, foundSha256, differences } = verification;
  const version = ownVersion();
  if (isIdentical) {
    return {
      exitCode: 0,
      stdout: `identical to the layer of version ${version}  CodeSha256 ${foundSha256}\n`,
    };
  }
  const lines = [
    `async-http-layer: this is not the layer that version ${version} builds`,
    `  expected CodeSha256 ${expectedSha256}`,
    `  found    CodeSha256 ${foundSha256}`,
    ...differences.map((difference) => `  ${difference}`),
  ];
  return { exitCode: 1, stderr: `${lines.join('\n')}\n` };
}

/** A path as a person would write it here. */
function shown(path: string): string {
  const fromHere = relative('.', path) || '.';
  return fromHere.startsWith('..') ? path : fromHere;
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) {
    return String(error);
  }
  return 'code' in error && String(error.code).startsWith('ASYNC_HTTP_')
    ? `${error.message} (${error.code})`
    : error.message;
}

function ownVersion(): string {
  return JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version;
}
