import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './repository-pages.ts';
import type { ShellCommand } from './shell-commands.ts';

type Check = (command: ShellCommand, page: string) => string[];

/** Commands that are compared with what is there, because they need more than an empty folder. */
const CHECKS: readonly (readonly [RegExp, Check])[] = [
  [/^npm (?:install|i)\b/, packageProblems],
  [/^npm (?:run|start|test)\b/, scriptProblems],
  [/^alias pnpm='npx --yes (\S+)'$/, pinProblems],
  [/^pnpm\b/, pnpmProblems],
  // e2e sends these requests to what the block above starts: copied-examples, created-projects, infrastructure.
  [/^curl\b/, curlProblems],
];

/** What is wrong with a command; nothing is returned for one that none of the checks knows. */
export function shellProblems(command: ShellCommand, page: string): string[] | undefined {
  const [, check] = CHECKS.find(([pattern]) => pattern.test(command.text)) ?? [];
  return check?.(command, page);
}

interface Package {
  readonly name: string;
  readonly private?: boolean;
  readonly packageManager?: string;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

const readPackage = (path: string): Package => JSON.parse(readFileSync(join(ROOT, path), 'utf8'));
const workspace = globSync('packages/*/package.json', { cwd: ROOT }).map(readPackage);
const root = readPackage('package.json');
/** They compile or run the blocks. */
const users = ['docs', 'e2e'].map((name) => readPackage(`packages/${name}/package.json`));

/** Ours are published; others are among what the blocks are tested with. */
function packageProblems({ words }: ShellCommand): string[] {
  const known = [
    ...workspace.filter((candidate) => !candidate.private).map(({ name }) => name),
    ...[root, ...users].flatMap(({ devDependencies = {} }) => Object.keys(devDependencies)),
  ];
  const [options, names] = partition(words.slice(2), (word) => word.startsWith('-'));
  return [
    ...options.filter((option) => option !== '--save-dev').map((option) => `option ${option}`),
    ...names
      .filter((name) => !known.includes(name) && !/^\.\.\/async-http\/packs\/.*\.tgz$/.test(name))
      .map((name) => `package ${name}`),
  ];
}

function scriptProblems(
  { words: [, first = '', second = ''], folder }: ShellCommand,
  page: string,
) {
  const script = first === 'run' ? second : first;
  const scripts = scriptsOf(page, folder);
  return script in scripts ? [] : [`script ${script}`];
}

/** The scripts of the project that a page is about. */
function scriptsOf(page: string, folder: string): Readonly<Record<string, string>> {
  const isCreated = folder !== '.' || page.startsWith('packages/create-async-http/');
  if (isCreated) {
    const templates = globSync('packages/create-async-http/templates/*/package.json', {
      cwd: ROOT,
    });
    return Object.assign({}, ...templates.map((path) => readPackage(path).scripts));
  }
  const example = /^examples\/[^/]+\//.exec(page)?.[0];
  return (example ? readPackage(`${example}package.json`) : root).scripts ?? {};
}

function pinProblems({ text }: ShellCommand): string[] {
  return text.includes(`npx --yes ${root.packageManager}'`) ? [] : [`not ${root.packageManager}`];
}

function pnpmProblems({ words: [, ...words] }: ShellCommand): string[] {
  if (words[0] !== '--filter') return words[0] && words[0] in (root.scripts ?? {}) ? [] : words;
  const [, name, run, script = ''] = words;
  const scripts = workspace.find((candidate) => candidate.name === name)?.scripts ?? {};
  return run === 'run' && script in scripts ? [] : words;
}

function curlProblems({ text }: ShellCommand): string[] {
  return /^curl -i (?:-X POST )?'?http:\/\/localhost:3000\/[\w/]+(?:\?\w+=\w+)?'?(?: -H '[\w-]+: [\w/]+')?(?: -d '\{[\w":,]+\}')?$/.test(
    text,
  )
    ? []
    : ['not a request to a local Lambda'];
}

function partition<T>(values: readonly T[], isFirst: (value: T) => boolean): [T[], T[]] {
  return [values.filter(isFirst), values.filter((value) => !isFirst(value))];
}
