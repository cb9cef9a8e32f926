import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { Bundler } from '../../src/bundle/bundler.ts';
import { ServedProject } from '../../src/cli/served-project.ts';
import { readProject } from '../../src/project/read-project.ts';
import { FIXTURE_PROJECT } from './run-cli.ts';

it('a reload that meets the end leaves no function behind', async () => {
  const project = readProject(join(FIXTURE_PROJECT, 'serverless.yml'));
  const served = await ServedProject.start(project, {
    bundler: new Bundler(() => undefined),
    cpu: undefined,
    onEvent: () => undefined,
    onUnusable: () => undefined,
  });
  onTestFinished(() => served.close());
  const reloaded = served.replace(
    { ...project },
    project.functions.map(({ code }) => join(code, 'changed.js')),
  );

  expect(await served.retire(10_000)).toBe(true);
  await reloaded;

  expect(served.project).toBe(project);
  for (const lambda of served.content.functions.values()) {
    await expect(lambda.invoke({})).rejects.toMatchObject({ code: 'ASYNC_HTTP_EMULATOR_CLOSED' });
  }
});
