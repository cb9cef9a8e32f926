import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { unzipSync, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { installLayerBuilder } from './helpers/installed-layer-builder.ts';

const ARN = 'arn:aws:lambda:eu-west-1:123456789012:layer:async-http:7';

async function builtZip() {
  const layerBuilder = installLayerBuilder();
  const zip = layerBuilder.path('layer.zip');
  const { stdout } = await layerBuilder.run(['build', '--out', zip]);
  return { ...layerBuilder, zip, sha256: /CodeSha256 (\S+)/.exec(stdout)?.[1] ?? '' };
}

/** Puts an AWS CLI before the real one, and returns the PATH to it. */
function installAwsCli(folder: string, script: string): string {
  mkdirSync(folder);
  writeFileSync(`${folder}/aws`, `#!/bin/sh\n${script}\n`);
  chmodSync(`${folder}/aws`, 0o755);
  return `${folder}:${process.env.PATH}`;
}

describe('async-http-layer verify', () => {
  it('accepts the zip that it builds itself', async () => {
    const { run, zip, sha256 } = await builtZip();

    const { exitCode, stdout } = await run(['verify', zip]);

    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^identical to the layer of version \S+ {2}CodeSha256 /);
    expect(stdout).toContain(sha256);
  });

  it('names every file that differs, is missing or is too many', async () => {
    const { run, zip } = await builtZip();
    const { 'proxy.js': _, ...files } = unzipSync(readFileSync(zip));
    const changed = { 'async-http/extension.js': Buffer.from('evil()'), 'extra.js': Buffer.of() };
    writeFileSync(zip, zipSync({ ...files, ...changed }));

    const { exitCode, stderr } = await run(['verify', zip]);

    expect(exitCode).toBe(1);
    expect(stderr.split('\n').slice(3, -1)).toEqual([
      '  async-http/extension.js differs',
      '  proxy.js is missing',
      '  extra.js is not in the layer that this version builds',
    ]);
  });

  it('does not accept the same files packed differently', async () => {
    const { run, zip } = await builtZip();
    writeFileSync(zip, zipSync(unzipSync(readFileSync(zip))));

    const { exitCode, stderr } = await run(['verify', zip]);

    expect(exitCode).toBe(1);
    expect(stderr).toContain('every file is the same, but times, modes or compression differ');
  });

  it.each([
    ['no/such.zip', 'ENOENT'],
    ['package.json', 'it is not a zip file'],
  ])('says why it cannot read %s', async (path, reason) => {
    const { run } = installLayerBuilder();

    const { exitCode, stderr } = await run(['verify', path]);

    expect(exitCode).toBe(1);
    expect(stderr).toContain(reason);
    expect(stderr).toContain('(ASYNC_HTTP_LAYER_SOURCE)');
  });

  it('compares a published layer version by the hash that AWS has of it', async () => {
    const { run, path, sha256 } = await builtZip();
    const PATH = installAwsCli(path('bin'), `echo "$@" >&2; echo '${sha256}'`);

    const { exitCode, stdout } = await run(['verify', ARN], { env: { PATH } });

    expect(exitCode).toBe(0);
    expect(stdout).toContain(sha256);
  });

  it('asks in the Region of the layer', async () => {
    const { run, path } = await builtZip();
    const PATH = installAwsCli(path('bin'), 'echo "$@"');

    const { exitCode, stderr } = await run(['verify', ARN], { env: { PATH } });

    expect(exitCode).toBe(1);
    expect(stderr).toContain(
      `found    CodeSha256 lambda get-layer-version-by-arn --region eu-west-1 --arn ${ARN} --query Content.CodeSha256`,
    );
  });

  it.each([
    ['fails', 'echo "AccessDeniedException: not allowed" >&2; exit 254', 'AccessDeniedException'],
    ['is not installed', undefined, 'the AWS CLI (aws) is not installed'],
  ])('says so when the AWS CLI %s', async (_, script, reason) => {
    const { run, path } = await builtZip();
    const PATH = script ? installAwsCli(path('bin'), script) : path('nothing');

    const { exitCode, stderr } = await run(['verify', ARN], { env: { PATH } });

    expect(exitCode).toBe(1);
    expect(stderr).toContain(reason);
    expect(stderr).toContain('(ASYNC_HTTP_LAYER_SOURCE)');
  });
});
