import { parseArgs } from 'node:util';
import { UsageError } from './errors.ts';

export const HELP = `Usage
  async-http check [PATH] [options]

Finds, before a deploy, what would keep background jobs from running: variables, background handlers, the layer,
runtimes, timeouts, permissions, and workers of queues. Nothing is deployed, and no network is used.

PATH is a serverless.yml (.ts, .js, .json), a SAM template, a cdk.json or the cdk.out of an AWS CDK app, or the folder
of one of them (default: this folder). A CDK app is synthesized first; cdk.out is read directly.

Options
  --stage STAGE    stage of Serverless Framework, for \${sls:stage} and \${opt:stage}
  --json           print the report as JSON
  --help, --version

Exit codes
  0  no errors    1  errors    2  the command cannot be understood, or there is no project
`;

export type Command =
  | { readonly do: 'help' }
  | { readonly do: 'version' }
  | {
      readonly do: 'check';
      readonly path: string;
      readonly stage: string | undefined;
      readonly json: boolean;
    };

const OPTIONS = {
  stage: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
  version: { type: 'boolean', short: 'v', default: false },
} as const;

/**
 * Reads the command line, without the program's own name.
 *
 * @throws {UsageError} code `ASYNC_HTTP_CHECK_USAGE`.
 */
export function readCommandLine(args: readonly string[]): Command {
  const { values, positionals } = parse(args);
  if (values.help) return { do: 'help' };
  if (values.version) return { do: 'version' };
  const [command, path = '.', ...rest] = positionals;
  if (command === undefined) throw new UsageError('There is no command; use: async-http check.');
  if (command !== 'check') {
    throw new UsageError(`There is no command ${command}; there is only check.`);
  }
  if (rest.length > 0) throw new UsageError(`check takes one path, not also ${rest.join(' ')}.`);
  return { do: 'check', path, stage: values.stage, json: values.json };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    // The first sentence says which option it is.
    const [reason = ''] = (error as Error).message.split('. ');
    throw new UsageError(`${reason.replace(/\.$/, '')}.`);
  }
}
