import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { LANGUAGES, type Language, TOOLS, type Tool } from '../src/choices.ts';
import { projectFiles } from '../src/project-files.ts';

const require = createRequire(import.meta.url);

const COMBINATIONS = (Object.keys(LANGUAGES) as Language[]).flatMap((language) =>
  (Object.keys(TOOLS) as Tool[]).map((tool) => ({ language, tool })),
);

/** What the tools name their files, and where they name the two handlers. */
const PROJECTS = {
  serverless: {
    files: () => ['serverless.yml'],
    handlers: [
      'service: "shop"',
      'handler: src/report.handler',
      'ASYNC_HANDLER: src/report.background',
    ],
  },
  sam: {
    files: () => ['template.yaml'],
    handlers: ['Handler: report.handler', 'ASYNC_HANDLER: report.background'],
  },
  cdk: {
    files: (language: Language) => [`app.${language}`, 'cdk.json'],
    handlers: ["handler: 'index.background'"],
  },
} satisfies Record<Tool, unknown>;

describe.each(COMBINATIONS)('a project in $language for $tool', ({ language, tool }) => {
  const files = projectFiles({ name: 'shop', language, tool });
  const textOf = (path: string) => files.get(path) ?? '';
  const packageJson = JSON.parse(textOf('package.json'));
  const { files: projectFilesOf, handlers } = PROJECTS[tool];

  it('has few files, all for this language and tool', () => {
    const expected = [
      '.gitignore',
      'README.md',
      'package.json',
      `src/report.${language}`,
      `test/report.test.${language}`,
      ...(language === 'ts' ? ['tsconfig.json'] : []),
      ...projectFilesOf(language),
    ];
    expect([...files.keys()].sort()).toEqual(expected.sort());
  });

  it('has every blank filled', () => {
    for (const [path, text] of files) expect(text, path).not.toContain('{{');
  });

  it('can be run, tested and deployed by npm', () => {
    expect(packageJson.name).toBe('shop');
    expect(packageJson.scripts).toMatchObject({
      dev: 'async-http-emulator dev',
      check: 'async-http check',
      test: expect.any(String),
      deploy: expect.any(String),
    });
  });

  it('takes our packages in the versions that this one was published with', () => {
    const all: Record<string, string> = {
      ...packageJson.dependencies,
      ...packageJson.devDependencies,
    };
    const ours = Object.entries(all).filter(([name]) =>
      /^(?:@async-http\/|async-http$)/.test(name),
    );
    expect(Object.fromEntries(ours)).toEqual(
      Object.fromEntries(
        [
          '@async-http/client',
          '@async-http/emulator',
          '@async-http/layer-builder',
          'async-http',
          ...(tool === 'cdk' ? ['@async-http/cdk'] : []),
        ].map((name) => [name, `^${require(`${name}/package.json`).version}`]),
      ),
    );
  });

  it('names two exports of one file as its handlers', () => {
    const source = textOf(`src/report.${language}`);
    expect(source).toMatch(/^export const handler\b/m);
    expect(source).toMatch(/^export const background\b/m);
    const project = projectFilesOf(language).map(textOf).join();
    for (const line of handlers) expect(project).toContain(line);
    if (tool !== 'serverless') expect(project).toContain(`src/report.${language}`);
  });
});

it.each(Object.keys(TOOLS) as Tool[])('a project in JavaScript for %s has no types', (tool) => {
  const files = projectFiles({ name: 'shop', language: 'js', tool });
  for (const [path, text] of files) {
    if (path.endsWith('.js')) expect(text, path).not.toMatch(/import type|: AsyncHandler/);
  }
  expect(files.get('package.json')).not.toMatch(/typescript|@types/);
});
