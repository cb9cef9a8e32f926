import { parseArgs } from 'node:util';
import { type Choices, DEFAULTS, LANGUAGES, TOOLS } from './choices.ts';
import { UsageError } from './errors.ts';

const list = (options: Readonly<Record<string, string>>, preset: string): string =>
  Object.entries(options)
    .map(([key, title]) => `${key} (${title}${key === preset ? ', default' : ''})`)
    .join(', ');

export const HELP = `Usage: npm create async-http@latest [FOLDER] [-- OPTIONS]

Creates a project with one Lambda function that replies at once and finishes the work
afterwards. On a terminal it asks for what is not given; elsewhere it takes the defaults.

FOLDER is new or empty; "." is the current folder. Default: ${DEFAULTS.folder}

Options:
  --language LANGUAGE  ${list(LANGUAGES, DEFAULTS.language)}
  --tool TOOL          ${list(TOOLS, DEFAULTS.tool)}
  --help               show this text
  --version            show the version
`;

export type Command =
  | { readonly do: 'help' | 'version' }
  | { readonly do: 'create'; readonly given: Partial<Choices> };

/**
 * Reads the arguments that follow the program's name.
 *
 * @throws code `ASYNC_HTTP_CREATE_USAGE`.
 */
export function readArguments(args: readonly string[]): Command {
  const { values, positionals } = parse(args);
  if (values.help) return { do: 'help' };
  if (values.version) return { do: 'version' };
  const [folder, ...more] = positionals;
  if (more.length > 0) {
    throw new UsageError(`One folder can be created at a time, not ${positionals.join(' and ')}.`);
  }
  return {
    do: 'create',
    given: {
      ...(folder !== undefined && { folder }),
      ...(values.language !== undefined && {
        language: oneOf(LANGUAGES, '--language', values.language),
      }),
      ...(values.tool !== undefined && { tool: oneOf(TOOLS, '--tool', values.tool) }),
    },
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        language: { type: 'string' },
        tool: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
        version: { type: 'boolean', short: 'v' },
      },
    });
  } catch (error) {
    // Node's own text names the flag; what follows, about positionals, does not help here.
    throw new UsageError(`${(error as Error).message.replace(/\. To specify .*/s, '')}.`);
  }
}

function oneOf<T extends string>(options: Record<T, string>, flag: string, value: string): T {
  if (!Object.hasOwn(options, value)) {
    throw new UsageError(`${flag} is one of ${Object.keys(options).join(', ')}, not "${value}".`);
  }
  return value as T;
}
