import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { describe, expect, it, onTestFinished } from 'vitest';
import { httpEvent } from './support/http-event.ts';
import {
  fixture,
  invoke,
  linesWith,
  ONE_RUNTIME,
  startFunction,
  story,
} from './support/start-function.ts';

/** A folder to deploy: one file, made from one entry point, as every bundler for Lambda makes it. */
async function bundle(format: 'esm' | 'cjs'): Promise<string> {
  const code = mkdtempSync(join(tmpdir(), 'async-http-one-file-'));
  onTestFinished(() => rmSync(code, { recursive: true }));
  await build({
    entryPoints: [join(fixture('one-file'), 'report.ts')],
    outdir: code,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node22',
    format,
  });
  const type = format === 'esm' ? 'module' : 'commonjs';
  writeFileSync(join(code, 'package.json'), JSON.stringify({ type }));
  return code;
}

describe.each(ONE_RUNTIME)('one file with both handlers, on %s', (runtime) => {
  it.each(['esm', 'cjs'] as const)(
    'works as a bundle (%s), loaded in two processes',
    async (format) => {
      const lambda = await startFunction({
        runtime,
        code: await bundle(format),
        handler: 'report.handler',
        environment: { ASYNC_HANDLER: 'report.background' },
      });

      for (const sku of ['first', 'second']) {
        const { reply, requestId } = await invoke(
          lambda,
          httpEvent({ body: JSON.stringify({ sku }) }),
        );
        expect(reply).toEqual({ statusCode: 202, body: `${sku} ${requestId}.1` });
        await lambda.idle();
        expect(story(lambda, requestId).filter((name) => name !== 'frozen')).toEqual([
          'response',
          `job: ${sku} ${requestId}.1`,
          'extension.next',
          'invoke.end',
        ]);
      }
      const refused = await invoke(lambda, httpEvent({ body: '{"sku":7}' }));
      await lambda.idle();

      expect(refused).toMatchObject({ functionError: undefined, reply: { statusCode: 400 } });
      expect(linesWith(lambda, /WARN|ERROR/)).toEqual([]);
    },
  );
});
