import { parseArgs } from 'node:util';
import { MIN_CPU_CORES } from '../function-config.ts';
import type { LambdaOptions } from '../lambda-types.ts';
import { UsageError } from './errors.ts';

/** Which project a command is about. */
export interface ProjectArguments {
  /** A file or folder. Absent: the current folder. */
  readonly file: string | undefined;
  readonly stage: string | undefined;
  /** Of the CDK: the command that runs the app, or the folder that it has written. */
  readonly app: string | undefined;
  /** Of the CDK. */
  readonly context: Readonly<Record<string, string>>;
}

interface Common extends ProjectArguments {
  /** Functions use the services of AWS, also where there are local ones. */
  readonly aws: boolean;
  readonly json: boolean;
  readonly verbose: boolean;
  /** Show what functions leave unfinished when they are frozen. */
  readonly explain: boolean;
  readonly cpu: LambdaOptions['cpuCores'];
}

export interface DevArguments extends Common {
  readonly command: 'dev';
  readonly port: number;
  readonly host: string;
  readonly request: boolean;
  readonly watch: boolean;
  /** Of the page that shows the run; undefined: no page. */
  readonly timelinePort: number | undefined;
  /** File for the recording of the run. */
  readonly record: RecordFile | undefined;
}

export interface RecordFile {
  readonly path: string;
  readonly format: 'html' | 'json';
}

export interface InvokeArguments extends Common {
  readonly command: 'invoke';
  readonly functionName: string;
  /** File with the event, `-` for standard input. Absent: `{}`. */
  readonly event: string | undefined;
}

export type Arguments =
  | DevArguments
  | InvokeArguments
  | { readonly command: 'help' }
  | { readonly command: 'version' };

const COMMON = {
  stage: { type: 'string' },
  app: { type: 'string', short: 'a' },
  context: { type: 'string', short: 'c', multiple: true },
  aws: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  verbose: { type: 'boolean', default: false },
  explain: { type: 'boolean', default: false },
  cpu: { type: 'string' },
} as const;

const DEV = {
  ...COMMON,
  port: { type: 'string', default: '3000' },
  host: { type: 'string', default: '127.0.0.1' },
  request: { type: 'boolean', default: false },
  watch: { type: 'boolean', default: false },
  'timeline-port': { type: 'string', default: '0' },
  'no-timeline': { type: 'boolean', default: false },
  record: { type: 'string' },
} as const;

const INVOKE = { ...COMMON, event: { type: 'string' }, project: { type: 'string' } } as const;

/**
 * Reads the command line, without the program's own name.
 *
 * @throws code `ASYNC_HTTP_EMULATOR_USAGE`.
 */
export function parseArguments(argv: readonly string[]): Arguments {
  const [command, ...args] = argv;
  if (
    command === undefined ||
    command === 'help' ||
    argv.includes('--help') ||
    argv.includes('-h')
  ) {
    return { command: 'help' };
  }
  switch (command) {
    case '--version':
    case '-v':
      return { command: 'version' };
    case 'dev':
      return parseDev(args);
    case 'invoke':
      return parseInvoke(args);
    default:
      throw new UsageError(
        command.startsWith('-')
          ? `The option ${command} needs a command before it: dev or invoke.`
          : `There is no command ${command}; there are dev and invoke.`,
      );
  }
}

function parseDev(args: string[]): DevArguments {
  const { values, positionals } = parse({ args, options: DEV, allowPositionals: true });
  const [file, ...rest] = positionals;
  if (rest.length > 0)
    throw new UsageError(`dev takes one project file, not also ${rest.join(' ')}.`);
  const {
    stage,
    app,
    port,
    cpu,
    record,
    'timeline-port': timelinePort,
    'no-timeline': noTimeline,
    ...flags
  } = values;
  return {
    command: 'dev',
    file,
    ...flags,
    stage,
    app,
    context: parseContext(values.context),
    port: parsePort('--port', port),
    timelinePort: noTimeline ? undefined : parsePort('--timeline-port', timelinePort),
    record: parseRecord(record),
    cpu: parseCpu(cpu),
  };
}

function parseInvoke(args: string[]): InvokeArguments {
  const { values, positionals } = parse({ args, options: INVOKE, allowPositionals: true });
  const [functionName, ...rest] = positionals;
  if (functionName === undefined) throw new UsageError('invoke needs the name of a function.');
  if (rest.length > 0) {
    throw new UsageError(`invoke takes one function, not also ${rest.join(' ')}.`);
  }
  const { stage, app, aws, json, verbose, explain, event, project } = values;
  const context = parseContext(values.context);
  const cpu = parseCpu(values.cpu);
  return {
    command: 'invoke',
    functionName,
    file: project,
    event,
    stage,
    app,
    context,
    aws,
    json,
    verbose,
    explain,
    cpu,
  };
}

const parse: typeof parseArgs = (config) => {
  try {
    return parseArgs(config);
  } catch (error) {
    // Unknown options, missing and superfluous values; the first sentence says which.
    throw new UsageError(`${(error as Error).message.split('. ')[0]?.replace(/\.$/, '')}.`);
  }
};

function parseContext(pairs: readonly string[] = []): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const [, key, value = ''] = /^([^=]+)=(.*)$/s.exec(pair) ?? [];
      if (key === undefined) throw new UsageError(`--context ${pair} must look like KEY=VALUE.`);
      return [key, value];
    }),
  );
}

function parsePort(option: string, text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new UsageError(`${option} ${text} is not a port; use a number from 0 to 65535.`);
}

function parseRecord(path: string | undefined): RecordFile | undefined {
  if (path === undefined) return undefined;
  const [, format] = /\.(html|json)$/i.exec(path) ?? [];
  if (format === undefined) {
    throw new UsageError(`--record ${path} must end in .html (to look at) or .json (data).`);
  }
  return { path, format: format.toLowerCase() as RecordFile['format'] };
}

function parseCpu(text: string | undefined): LambdaOptions['cpuCores'] {
  if (text === undefined || text === 'as-lambda') return text;
  const cores = Number(text);
  if (cores >= MIN_CPU_CORES && Number.isFinite(cores)) return cores;
  throw new UsageError(
    `--cpu ${text} is not a number of cores; use at least ${MIN_CPU_CORES}, or as-lambda.`,
  );
}
