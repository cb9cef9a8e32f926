import { expect, it, onTestFinished } from 'vitest';
import { startLambda } from '../../src/index.ts';
import { folder } from '../support/layer.ts';

const SECRET = 'hunter2-hunter2';

const CODE = {
  'index.js': `exports.handler = async ({ n }) => {
  console.log('the password is', process.env.DB_PASSWORD);
  return { twice: 2 * n };
};`,
};

async function startRecorded() {
  const lambda = await startLambda({
    name: 'double',
    code: await folder(CODE),
    handler: 'index.handler',
    environment: { DB_PASSWORD: SECRET },
  });
  onTestFinished(() => lambda.close());
  const { requestId } = await lambda.invoke({ n: 4, headers: { cookie: SECRET } });
  await lambda.idle();
  return { lambda, requestId };
}

it('a test gets everything of its function, also after close()', async () => {
  const { lambda, requestId } = await startRecorded();
  await lambda.close();

  const { version, functions, forgotten, entries, payloads } = await lambda.recording();

  expect({ version, forgotten }).toEqual({ version: 1, forgotten: 0 });
  expect(functions).toEqual([
    { name: 'double', runtime: 'nodejs24.x', memoryMiB: 128, timeoutMs: 3_000 },
  ]);
  expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, index) => index));
  expect(entries.map(({ event }) => event.type)).toEqual(
    expect.arrayContaining(['environment.starting', 'response', 'log', 'frozen']),
  );
  expect(entries.every(({ event }) => event.functionName === 'double')).toBe(true);
  expect(payloads?.[requestId]).toMatchObject({ response: { text: '{"twice":8}' } });
});

it('secrets of variables and headers are not in it, unless they are asked for', async () => {
  const { lambda } = await startRecorded();

  expect(JSON.stringify(await lambda.recording())).not.toContain(SECRET);
  const [html, all] = [
    await lambda.recording({ format: 'html' }),
    await lambda.recording({ isRedacted: false }),
  ];

  expect(html).toMatch(/^<!doctype html>/i);
  expect(html).toContain('the password is [redacted]');
  expect(html).not.toContain(SECRET);
  expect(JSON.stringify(all)).toContain(`the password is ${SECRET}`);
});
