import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { parseArgs } from 'node:util';
import { type BuildLayerOptions, type BuiltLayer, buildLayer } from './build-layer.ts';

const HELP = `Usage: async-http-layer build [--out FILE] [--dir FOLDER]

Builds the async-http Lambda layer.

Options:
  --out FILE    write the layer's zip to FILE
                (default: dist/layer.zip of this package, unless --dir is given)
  --dir FOLDER  write the layer's files to FOLDER, e.g. for COPY … /opt in a container image
  --help        show this text
  --version     show the version
`;

/** What a run of the program leaves behind. */
export interface CommandResult {
  /** 0 done, 1 the layer was not built, 2 wrong arguments. */
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
      try {
        return { exitCode: 0, stdout: report(await buildLayer(command.options)) };
      } catch (error) {
        return { exitCode: 1, stderr: `async-http-layer: ${describe(error)}\n` };
      }
    default:
      return command satisfies never;
  }
}

type Command =
  | { readonly do: 'help' | 'version' }
  | { readonly do: 'refuse'; readonly because: string }
  | { readonly do: 'build'; readonly options: BuildLayerOptions };

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
    if (positionals.length !== 1 || positionals[0] !== 'build') {
      const given = positionals.length === 0 ? 'none was given' : `not "${positionals.join(' ')}"`;
      return { do: 'refuse', because: `the only command is "build", ${given}` };
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
