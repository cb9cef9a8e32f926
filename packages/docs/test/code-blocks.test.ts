import { isWhole } from '@async-http/test-support';
import { describe, expect, it } from 'vitest';
import { readPage } from '../src/markdown-page.ts';
import { repositoryPages } from '../src/repository-pages.ts';
import { syntaxProblems } from '../src/syntax-problems.ts';
import { type Example, typeProblems } from '../src/type-problems.ts';

const pages = repositoryPages().map(readPage);

/** What the pages leave to their readers. */
const READERS_OWN = `
declare global {
  function buildReport(...order: unknown[]): Promise<void>;
  function track(event: unknown): Promise<void>;
  const Order: import('zod').ZodObject<{ sku: import('zod').ZodString }>;
  const functionEnvironment: NodeJS.ProcessEnv;
}
export {};
`;

/** The same for the CDK, with what an earlier block of the page has imported or made. */
const READERS_STACK = `
import * as lambdaModule from 'aws-cdk-lib/aws-lambda';
declare global {
  export import lambda = lambdaModule;
  const sqs: typeof import('aws-cdk-lib/aws-sqs');
  const Duration: typeof import('aws-cdk-lib').Duration;
  const TreatMissingData: typeof import('aws-cdk-lib/aws-cloudwatch').TreatMissingData;
  const AsyncHttp: typeof import('@async-http/cdk').AsyncHttp;
  const AsyncHttpDelivery: typeof import('@async-http/cdk').AsyncHttpDelivery;
  const report: lambdaModule.Function;
}
`;

const examples: readonly Example[] = pages
  .filter(({ path }) => /^(?:README\.md|docs\/|packages\/[^/]+\/README\.md)/.test(path))
  .flatMap(({ path, codeBlocks }) =>
    codeBlocks.flatMap(({ line, language, code }): Example[] =>
      language === 'ts' || language === 'js' ? [{ at: `${path}:${line}`, language, code }] : [],
    ),
  )
  // SST's command line generates its types, and Pulumi's are not installed here. e2e runs these programs.
  .filter(({ code }) => !/\.sst\/platform|@pulumi\/aws/.test(code))
  // The types of the CDK take 15 seconds to load.
  .filter(({ code }) => isWhole || !/\bthis, '|aws-cdk-lib/.test(code));

/** The languages of blocks, and what becomes of them. */
const LANGUAGES: Readonly<Record<string, string>> = {
  ts: 'fits our sources, below; e2e runs the recipes of docs/infrastructure.md, those of SST and Pulumi too',
  js: 'the same',
  json: 'is parsed, below',
  yaml: 'is parsed, below; e2e runs the recipes',
  sh: 'is run or checked: shell-blocks.test.ts',
  hcl: 'is parsed and compared with the module: terraform.test.ts in e2e',
  dockerfile:
    'is carried out line by line: infrastructure-image.test.ts in e2e; that of layer-builder is two lines of it',
  text: 'is not code: log lines and error messages are compared with our sources in quoted-texts.test.ts, drawings with nothing',
};

it('a test knows what to do with every language of the pages', () => {
  const blocks = pages.flatMap(({ path, codeBlocks }) =>
    codeBlocks.map(({ line, language }) => ({ at: `${path}:${line}`, language })),
  );
  expect(blocks.filter(({ language }) => !Object.hasOwn(LANGUAGES, language))).toEqual([]);
});

it.each(pages.filter(({ codeBlocks }) => codeBlocks.length > 0))(
  'the code on $path can be parsed',
  ({ path, codeBlocks }) => {
    expect(
      codeBlocks.flatMap((block) =>
        syntaxProblems(block).map((problem) => `${path}:${block.line}: ${problem}`),
      ),
    ).toEqual([]);
  },
);

describe('the TypeScript and JavaScript on the pages', () => {
  const problems = typeProblems(examples, isWhole ? [READERS_OWN, READERS_STACK] : [READERS_OWN]);

  it.each(examples)('fits our sources: $at', ({ at }) => {
    expect(problems.get(at)).toEqual([]);
  });
});

describe('a block', () => {
  const problemsOf = (code: string, language: 'ts' | 'js' = 'ts') =>
    typeProblems([{ at: 'page:1', language, code }], []).get('page:1');

  it('in YAML that cannot be parsed has a problem', () => {
    expect(syntaxProblems({ line: 1, language: 'yaml', code: 'a: [' })).toHaveLength(1);
  });

  it('with a name that our sources do not export has a problem', () => {
    expect(problemsOf("import { sendArg } from '@async-http/client';", 'js')).toEqual([
      expect.stringContaining("no exported member named 'sendArg'"),
    ]);
  });
});
