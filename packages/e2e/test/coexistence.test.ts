import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  fixture,
  invoke,
  LAYER,
  linesWith,
  ONE_RUNTIME,
  startFunction,
} from './support/start-function.ts';

const environment = { ASYNC_HANDLER: 'jobs/say.handler' };

/** Somebody else's layer, with its own extension. */
function layerOfAnother(): string {
  const layer = mkdtempSync(join(tmpdir(), 'layer-'));
  onTestFinished(() => rmSync(layer, { recursive: true }));
  mkdirSync(join(layer, 'extensions'));
  const entry = join(layer, 'extensions', 'another');
  cpSync(fixture('another-extension.js'), entry);
  chmodSync(entry, 0o755);
  return layer;
}

describe.each(ONE_RUNTIME)('on %s', (runtime) => {
  it("the function's NODE_OPTIONS reach the function and the job, and not the extension", async () => {
    const lambda = await startFunction({
      runtime,
      environment: {
        ...environment,
        NODE_OPTIONS: '--require /var/task/unloadable/throws-when-loaded.cjs',
      },
    });

    await invoke(lambda);
    await lambda.idle();

    expect(linesWith(lambda, 'job says')).toHaveLength(1);
    expect(linesWith(lambda, /agent loaded by .*handler-host/)).toHaveLength(1);
    expect(linesWith(lambda, /agent loaded by .*extension\.js/)).toEqual([]);
  });

  it('another extension in the same environment works as if it were alone', async () => {
    const lambda = await startFunction({ runtime, environment, layers: [LAYER, layerOfAnother()] });

    await invoke(lambda);
    await lambda.idle();

    expect(linesWith(lambda, 'another extension: INVOKE')).toHaveLength(1);
    expect(linesWith(lambda, 'job says')).toHaveLength(1);
  });

  it('port 2772, which others use, may be taken', async () => {
    const other = createServer().listen(2772, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve).once('error', resolve));
    onTestFinished(() => void other.close());
    const lambda = await startFunction({ runtime, environment });

    await invoke(lambda);
    await lambda.idle();

    expect(linesWith(lambda, 'job says')).toHaveLength(1);
  });

  it('a function without the layer gets the error within a second', async () => {
    const code = mkdtempSync(join(tmpdir(), 'code-'));
    onTestFinished(() => rmSync(code, { recursive: true }));
    cpSync(fixture('app'), code, { recursive: true });
    cpSync(
      join(import.meta.dirname, '../../client/dist'),
      join(code, 'node_modules/@async-http/client/dist'),
      { recursive: true },
    );
    cpSync(
      join(import.meta.dirname, '../../client/package.json'),
      join(code, 'node_modules/@async-http/client/package.json'),
    );
    writeFileSync(
      join(code, 'alone.js'),
      `const { sendArgs } = require('@async-http/client');
       exports.handler = async (event, context) => {
         const startedAt = Date.now();
         return sendArgs(event, context).catch(({ code, message }) => ({ code, message, ms: Date.now() - startedAt }));
       };`,
    );
    const lambda = await startFunction({ runtime, code, handler: 'alone.handler', layers: [] });

    const { reply } = await invoke(lambda);

    expect(reply).toMatchObject({
      code: 'ASYNC_HTTP_EXTENSION_UNREACHABLE',
      message: expect.stringContaining('layer'),
    });
    expect(reply.ms).toBeLessThan(1_000);
  });
});
