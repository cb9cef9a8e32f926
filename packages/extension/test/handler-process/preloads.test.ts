import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { takePreloads } from '../../src/handler-process/preloads.ts';
import { attempt, handlerProcess } from '../fixtures/handler-process.ts';
import { EVERY_NODE_PROGRAM } from '../fixtures/node-programs.ts';

describe('the modules that NODE_OPTIONS name', () => {
  it.each([
    [
      '--import @sentry/aws-serverless/awslambda-auto',
      '',
      ['import @sentry/aws-serverless/awslambda-auto'],
    ],
    ['--import=agent', '', ['import agent']],
    [
      '-r ./a.js --max-old-space-size=100 --require=b',
      '--max-old-space-size=100',
      ['require ./a.js', 'require b'],
    ],
    ['--import b --require a', '', ['require a', 'import b']],
    ['--require "./my \\"agent\\".js"', '', ['require ./my "agent".js']],
    ['--require', '--require', []],
    [
      '--title="--import x"  --enable-source-maps',
      '--title="--import x"  --enable-source-maps',
      [],
    ],
    ['--title="--import x" -r a', '--title="--import x"', ['require a']],
    ['', '', []],
  ])('in %j are taken out', (nodeOptions, rest, modules) => {
    const taken = takePreloads(nodeOptions);

    expect(taken.rest).toBe(rest);
    expect(taken.preloads.map(({ kind, module }) => `${kind} ${module}`)).toEqual(modules);
  });
});

describe.each(EVERY_NODE_PROGRAM)(
  'a package of a layer in NODE_OPTIONS on Node.js $major',
  (node) => {
    it.each(['--import agent', '--import=agent', '--require agent', '-r agent'])(
      'is loaded before the handler: %s',
      async (NODE_OPTIONS) => {
        const handlers = handlerProcess('shows-agent.handler', {
          node,
          env: { ...(await layer()), NODE_OPTIONS },
        });

        expect(await handlers.run(attempt({}))).toMatchObject({
          result: JSON.stringify({ agent: 'loaded', NODE_OPTIONS }),
        });
      },
    );

    it('that is not there is named', async () => {
      const env = { ...(await layer()), NODE_OPTIONS: '--import nowhere' };

      await expect(handlerProcess('echoes.handler', { node, env }).ready()).rejects.toMatchObject({
        errorType: 'Runtime.ImportModuleError',
        errorMessage: expect.stringMatching(
          /^'--import nowhere' in NODE_OPTIONS cannot be loaded: .*Cannot find package 'nowhere'/,
        ),
      });
    });
  },
);

/** The environment of a function with a layer that holds the package `agent`, for `import` and for `require`. */
async function layer(): Promise<{ NODE_PATH: string }> {
  const opt = await mkdtemp(join(tmpdir(), 'async-http-'));
  onTestFinished(() => rm(opt, { recursive: true }));
  const agent = join(opt, 'nodejs/node_modules/agent');
  await mkdir(agent, { recursive: true });
  await writeFile(
    join(agent, 'package.json'),
    '{"exports":{"import":"./a.mjs","require":"./a.cjs"}}',
  );
  await writeFile(join(agent, 'a.mjs'), "globalThis.agent = 'loaded';");
  await writeFile(join(agent, 'a.cjs'), "globalThis.agent = 'loaded';");
  return { NODE_PATH: join(opt, 'nodejs/node_modules') };
}
