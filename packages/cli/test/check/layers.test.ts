import { describe, expect, it } from 'vitest';
import { codesOf, findingOf, LAYER, LAYER_ZIP, sam, serverless, zip } from '../support/project.ts';

const without = (files: Readonly<Record<string, string | Uint8Array>>, name: string) =>
  Object.fromEntries(Object.entries(files).filter(([path]) => path !== name));

describe('the layer', () => {
  it('is missing from a function with /opt/proxy.handler', async () => {
    const fn = 'handler: /opt/proxy.handler\nlayers: []';
    expect(await findingOf(serverless({ fn }))).toEqual({
      code: 'ASYNC_HTTP_CHECK_LAYER_MISSING',
      severity: 'error',
      problem:
        'The function has no layer, so there is no /opt/proxy.handler and every request would fail.',
      advice: 'Add !Ref AsyncHttpLambdaLayer to layers.',
    });
  });

  it('is missing from a function with ASYNC_HANDLER', async () => {
    const fn = 'handler: src/report.background\nlayers: []';
    expect(await codesOf(serverless({ fn }))).toEqual(['error LAYER_MISSING']);
  });

  it('must have the extension in it', async () => {
    const files = { [LAYER]: zip({ 'nodejs/index.js': '' }) };
    expect(await codesOf(serverless({ files }))).toEqual(['error LAYER_MISSING']);
  });

  it('may be a folder', async () => {
    const fn = 'handler: /opt/proxy.handler\nlayers: [./layer/]';
    const files = { 'layer/extensions/async-http': '#!/bin/bash' };
    expect(await codesOf(serverless({ fn, files }))).toEqual([]);
  });

  it('that has another name is named', async () => {
    const fn = 'handler: /opt/proxy.handler\nlayers: [!Ref AsyncLambdaLayer]';
    const { code, advice } = await findingOf(serverless({ fn }));
    expect([code, advice]).toEqual([
      'ASYNC_HTTP_CHECK_LAYER_UNDECLARED',
      'Write !Ref AsyncHttpLambdaLayer, or declare AsyncLambdaLayer. Serverless Framework calls the layer asyncHttp AsyncHttpLambdaLayer.',
    ]);
  });

  it('that is not declared is an error of a SAM template too', async () => {
    expect(await codesOf(sam({ properties: 'Layers: [!Ref AsyncLayer]' }))).toEqual([
      'error LAYER_UNDECLARED',
    ]);
  });

  it('that is not installed says what to install', async () => {
    expect(await findingOf(without(serverless(), LAYER))).toMatchObject({
      code: 'ASYNC_HTTP_CHECK_LAYER_FILE',
      problem: expect.stringContaining(`no file at ${LAYER}`),
      advice: 'Run npm install --save-dev @async-http/layer-builder.',
    });
  });

  it('that a monorepo has installed above is found there', async () => {
    const inside = Object.entries(without(serverless(), LAYER)).map(
      ([name, content]) => [`app/${name}`, content] as const,
    );
    const files = { ...Object.fromEntries(inside), [LAYER]: LAYER_ZIP };
    const { advice } = await findingOf(files, 'app');
    expect(advice).toBe(`The package is installed elsewhere: write ../${LAYER}.`);
  });

  it('that is in AWS is not checked', async () => {
    const fn =
      'handler: /opt/proxy.handler\nlayers: ["arn:aws:lambda:eu-west-1:123456789012:layer:x:1"]';
    expect(await codesOf(serverless({ fn }))).toEqual(['note LAYER_UNKNOWN']);
  });
});
