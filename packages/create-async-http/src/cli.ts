#!/usr/bin/env node
import { styleText } from 'node:util';
import { ask } from './ask.ts';
import { type Choices, DEFAULTS } from './choices.ts';
import { HELP, readArguments } from './command-line.ts';
import { nextSteps } from './next-steps.ts';
import { ownPackage } from './own-package.ts';
import { projectFiles } from './project-files.ts';
import { projectName } from './project-name.ts';
import { checkFolder, writeProject } from './write-project.ts';

const EXIT_CODES: Readonly<Record<string, number>> = {
  ASYNC_HTTP_CREATE_USAGE: 2,
  ASYNC_HTTP_CREATE_CANCELLED: 130,
};

try {
  process.stdout.write(await run(process.argv.slice(2)));
} catch (error) {
  const { message, code = '' } = error as Error & { code?: string };
  process.stderr.write(`create-async-http: ${message}${code && ` (${code})`}\n`);
  process.exitCode = EXIT_CODES[code] ?? 1;
}

/** @returns what is printed at the end. */
async function run(args: readonly string[]): Promise<string> {
  const command = readArguments(args);
  switch (command.do) {
    case 'help':
      return HELP;
    case 'version':
      return `${ownPackage().version}\n`;
    case 'create':
      return create(command.given);
    default:
      return command satisfies never;
  }
}

async function create(given: Partial<Choices>): Promise<string> {
  if (given.folder !== undefined) checkFolder(given.folder);
  const isTerminal = process.stdin.isTTY && process.stdout.isTTY;
  const choices = isTerminal ? await ask(given) : { ...DEFAULTS, ...given };
  const files = projectFiles({ ...choices, name: projectName(choices.folder) });
  writeProject(choices.folder, files);
  const strong = (command: string) => styleText('bold', command, { stream: process.stdout });
  return nextSteps(choices, [...files.keys()], strong);
}
