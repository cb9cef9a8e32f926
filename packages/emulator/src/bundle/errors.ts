import type { BuildFailure, Message } from 'esbuild';

/** Thrown when a handler cannot be bundled. */
export class BundleFailedError extends Error {
  override readonly name = 'BundleFailedError';
  readonly code = 'ASYNC_HTTP_EMULATOR_BUNDLE_FAILED';
  readonly source: string;

  constructor({ source, cause }: { source: string; cause: unknown }) {
    super(`${source} cannot be bundled:\n${problemsOf(cause).join('\n')}`, { cause });
    this.source = source;
  }
}

/** More would push the first one off the screen. */
const MAX_PROBLEMS = 5;

function problemsOf(cause: unknown): string[] {
  const { errors } = cause as Partial<BuildFailure>;
  if (!errors?.length) return [(cause as Error).message];
  const more = errors.length - MAX_PROBLEMS;
  return [
    ...errors.slice(0, MAX_PROBLEMS).map(describe),
    ...(more > 0 ? [`… and ${more} more errors.`] : []),
  ];
}

/** A message of esbuild with its place and the line of code. */
export function describe({ text, location }: Message): string {
  const problem = `${text.replace(/\.$/, '')}.${adviceFor(text)}`;
  if (!location) return problem;
  const { file, line, column, length, lineText } = location;
  const marker =
    ' '.repeat(column) + '^'.repeat(Math.max(1, Math.min(length, lineText.length - column)));
  return `${file}:${line}:${column + 1}: ${problem}\n    ${lineText}\n    ${marker}`;
}

function adviceFor(text: string): string {
  const missing = /^Could not resolve "([^"]+)"/.exec(text)?.[1];
  if (missing === undefined || /^[./]/.test(missing)) return '';
  const name = missing.split('/', missing.startsWith('@') ? 2 : 1).join('/');
  return name === 'aws-sdk'
    ? " Lambda's Node.js runtimes do not have version 2 of the AWS SDK: use version 3 (@aws-sdk/client-…), or install it (npm install aws-sdk)."
    : ` Install it (npm install ${name}), or name it in the bundler's "external".`;
}
