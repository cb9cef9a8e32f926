#!/usr/bin/env node
// The program: the only file that touches `process`, and the one that decides the exit code.

import { readFileSync } from 'node:fs';
import { checkProject } from './check/check-project.ts';
import { type Command, HELP, readCommandLine } from './command-line.ts';
import { formatError } from './format-error.ts';
import { openProject } from './open-project.ts';
import { countOf } from './report/count.ts';
import { renderJson } from './report/render-json.ts';
import { renderText } from './report/render-text.ts';

const EXIT_CODES: Readonly<Record<string, number>> = {
  ASYNC_HTTP_CHECK_USAGE: 2,
  ASYNC_HTTP_CHECK_NO_PROJECT: 2,
};

try {
  process.exitCode = await run(readCommandLine(process.argv.slice(2)));
} catch (error) {
  const { code = '' } = error as { code?: string };
  process.stderr.write(`async-http: ${formatError(error)}\n`);
  process.exitCode = EXIT_CODES[code] ?? 1;
}

async function run(command: Command): Promise<number> {
  switch (command.do) {
    case 'help':
      process.stdout.write(HELP);
      return 0;
    case 'version':
      process.stdout.write(`${readVersion()}\n`);
      return 0;
    case 'check':
      return check(command);
    default:
      return command satisfies never;
  }
}

async function check({ path, stage, json }: Command & { do: 'check' }): Promise<number> {
  const cwd = process.cwd();
  const project = await openProject(path, {
    cwd,
    env: process.env,
    stage,
    onProgress: (line) => process.stderr.write(`${line}\n`),
  });
  const report = await checkProject(project, cwd);
  const text = json ? renderJson(report) : renderText(report, { cwd, stream: process.stdout });
  process.stdout.write(`${text}\n`);
  return countOf(report, 'error') > 0 ? 1 : 0;
}

function readVersion(): string {
  const file = new URL('../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
