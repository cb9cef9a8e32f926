#!/usr/bin/env node
// The program: the only file here that touches `process`, and the one that decides the exit code.

import { readFileSync } from 'node:fs';
import { parseArguments } from './cli/arguments.ts';
import { dev } from './cli/dev.ts';
import { UsageError } from './cli/errors.ts';
import { formatError } from './cli/format-error.ts';
import { HELP } from './cli/help.ts';
import { invoke } from './cli/invoke.ts';
import type { Context } from './cli/terminal.ts';
import { checkNodeVersion } from './node-version.ts';
import { wantsColors } from './report/style.ts';

/** Ctrl-C comes twice within a moment when npx runs this program: from the terminal, and from npx. */
const ECHO_MS = 500;

const stop = new AbortController();
let leave: (() => void) | undefined;
let stoppedAt = Number.POSITIVE_INFINITY;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    // The second one: somebody is tired of waiting. The processes of environments end with this one.
    if (Date.now() - stoppedAt > ECHO_MS) {
      leave?.();
      process.exit(130);
    }
    if (!stop.signal.aborted) stoppedAt = Date.now();
    stop.abort();
  });
}
// The reader is gone (`| head`): nobody sees the output any more, so stop.
process.stdout.on('error', () => stop.abort());

const context: Context = {
  terminal: {
    out: (line) => process.stdout.write(`${line}\n`),
    err: (line) => process.stderr.write(`${line}\n`),
    colors: {
      out: wantsColors(process.stdout, process.env),
      err: wantsColors(process.stderr, process.env),
    },
  },
  cwd: process.cwd(),
  env: process.env,
  stdin: process.stdin,
  stopping: stop.signal,
  onLeave: (work) => {
    leave = work;
  },
};

async function run(argv: readonly string[]): Promise<number> {
  checkNodeVersion(process.versions.node);
  const args = parseArguments(argv);
  switch (args.command) {
    case 'help':
      context.terminal.out(HELP);
      return 0;
    case 'version':
      context.terminal.out(readVersion());
      return 0;
    case 'dev':
      return dev(args, context);
    case 'invoke':
      return invoke(args, context);
    default:
      return args satisfies never;
  }
}

function readVersion(): string {
  const file = new URL('../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}

run(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    context.terminal.err(formatError(error));
    process.exitCode = error instanceof UsageError ? 2 : 1;
  },
);
