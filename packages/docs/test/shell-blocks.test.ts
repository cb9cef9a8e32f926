import { cpSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  isWhole,
  packPackages,
  runShell,
  startShell,
  takeTarballs,
} from '@async-http/test-support';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { readPage } from '../src/markdown-page.ts';
import { ROOT, repositoryPages } from '../src/repository-pages.ts';
import { type ShellCommand, shellCommands } from '../src/shell-commands.ts';
import { shellProblems } from '../src/shell-problems.ts';

/** What can neither be run nor checked here, and why. */
const LISTED: readonly (readonly [RegExp, string])[] = [
  [/^npx async-http-layer verify arn:/, 'asks AWS; the tests of layer-builder do, with a stand-in'],
  [
    /^aws lambda invoke /,
    'the AWS CLI is not an npm package; the tests of the emulator use its API',
  ],
];

/** `e2e/test/copied-examples.test.ts` runs these unchanged, one of them with a shell's variables. */
const isRunAsExample = (path: string) => /^examples\/[^/]+\/README\.md$/.test(path);

const commands = repositoryPages()
  .filter((path) => !isRunAsExample(path))
  .flatMap((path) =>
    readPage(path)
      .codeBlocks.filter(({ language }) => language === 'sh')
      .flatMap(({ line, code }) =>
        shellCommands(code).map((command) => ({ at: `${path}:${line}`, path, ...command })),
      ),
  )
  .filter(({ text }) => !LISTED.some(([pattern]) => pattern.test(text)));

const isRun = ({ text }: ShellCommand) => /^(?:npx|npm create|node|echo) /.test(text);

it('there are commands on the pages', () => {
  expect(commands.length).toBeGreaterThan(40);
  expect(commands.filter(isRun).length).toBeGreaterThan(7);
});

it.each(commands.filter((command) => !isRun(command)))(
  '$text fits the repository ($at)',
  (command) => {
    expect(shellProblems(command, command.path)).toEqual([]);
  },
);

it.each(LISTED)('%s is still on a page', (pattern) => {
  const texts = repositoryPages().map((path) => readFileSync(join(ROOT, path), 'utf8'));
  expect(texts.some((text) => new RegExp(pattern.source, 'm').test(text))).toBe(true);
});

// What depends on the npm registry beyond the lock file is for `TESTS=whole`.
const WITH_PACKAGES = 'with the packed packages, installed (with TESTS=whole)';
describe.runIf(isWhole)(WITH_PACKAGES, { timeout: 240_000 }, () => {
  const cleanUps: (() => void)[] = [];
  let folder = '';
  let project = '';
  let creator = '';

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'async-http-shell-'));
    project = join(folder, 'project');
    const tarballs = await packPackages((cleanUp) => cleanUps.push(cleanUp));
    creator = tarballs.get('create-async-http') ?? '';
    cpSync(join(ROOT, 'examples/serverless-framework'), project, {
      recursive: true,
      filter: (path) => !path.endsWith('/node_modules'),
    });
    const file = join(project, 'package.json');
    const { devDependencies, ...rest } = JSON.parse(readFileSync(file, 'utf8'));
    writeFileSync(
      file,
      JSON.stringify({ ...rest, devDependencies: { ...devDependencies, 'async-http': '*' } }),
    );
    takeTarballs(project, tarballs);
    await runShell(project, 'npm install');
  }, 240_000);
  afterAll(async () => {
    for (const cleanUp of cleanUps) cleanUp();
    await rm(folder, { recursive: true });
  }, 120_000);

  const newFolder = () => {
    mkdirSync(join(folder, 'empty'), { recursive: true });
    return mkdtempSync(join(folder, 'empty/'));
  };
  const of = (program: RegExp) => commands.filter(({ text }) => program.test(text));

  it.each(of(/^npx (?!.* dev\b)/))('$text runs ($at)', async ({ text }) => {
    await runShell(project, text);
  });

  it.each(of(/^npx .* dev\b/))('$text runs until Ctrl-C ($at)', async ({ text }) => {
    const dev = startShell(project, `${text} --port 0`);
    onTestFinished(() => dev.close());
    expect((await fetch(`${await dev.url()}/async/custom/res`)).status).toBe(202);
  });

  it.each(of(/^npm create async-http@latest /))(
    '$text creates a project ($at)',
    async ({ text }) => {
      const cwd = newFolder();
      const args = text.replace(/^npm create async-http@latest /, '').replace(' -- ', ' ');
      await runShell(cwd, `npx --yes --package '${creator}' create-async-http ${args}`);
      expect(JSON.parse(readFileSync(join(cwd, 'my-app/package.json'), 'utf8')).name).toBe(
        'my-app',
      );
    },
  );

  it.each(of(/^(?:node|echo) /))('$text leaves a project ($at)', async ({ text, words }) => {
    const cwd = join(newFolder(), 'async-http');
    mkdirSync(cwd);
    await runShell(cwd, text.replace('node packages/', `node ${ROOT}/packages/`));
    const made = words.includes('>') ? join(cwd, 'cdk.json') : join(cwd, '../my-app/package.json');
    expect(JSON.parse(readFileSync(made, 'utf8'))).toBeTypeOf('object');
  });
});

describe('a command', () => {
  const problemsOf = (text: string) => {
    const [command] = shellCommands(text);
    return command && shellProblems(command, 'README.md');
  };

  it('that installs a package which does not exist has a problem', () => {
    expect(problemsOf('npm install --save-dev @async-http/layers')).toEqual([
      'package @async-http/layers',
    ]);
  });

  it('that runs a script which does not exist has a problem', () => {
    expect(problemsOf('A=b npm run devel # runs it')).toEqual(['script devel']);
  });

  it('of a program that no check knows has no answer', () => {
    expect(problemsOf('sam deploy')).toBeUndefined();
  });
});
