import { createRequire } from 'node:module';
import { startLambda } from '@async-http/emulator';
import { expect, it, onTestFinished } from 'vitest';

const LAYER = createRequire(import.meta.url).resolve('@async-http/layer-builder/layer.zip');

it('replies first, and finishes the report afterwards', { timeout: 30_000 }, async () => {
  const lambda = await startLambda({
    code: 'dist', // Made by "pretest".
    handler: 'report.handler',
    layers: [LAYER],
    environment: { ASYNC_HANDLER: 'report.background' },
    timeoutMs: 60_000,
  });
  onTestFinished(() => lambda.close());
  const isFinished = () => lambda.logs.some(({ line }) => line.includes('finished'));

  const { payload } = await lambda.invoke({ version: '2.0', rawPath: '/report' });
  expect(JSON.parse(payload.toString())).toMatchObject({ statusCode: 202 });
  expect(isFinished()).toBe(false);

  await lambda.idle();
  expect(isFinished()).toBe(true);
});
