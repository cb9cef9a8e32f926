import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { fixture } from './support/start-function.ts';

const SCRIPTS = join(import.meta.dirname, '../../../scripts');
const ARN = (region: string) => `arn:aws:lambda:${region}:123456789012:layer:async-http:1`;

/** A folder with a zip, and the script on it with a stand-in for the AWS CLI that has two Regions. */
function release() {
  const folder = mkdtempSync(join(tmpdir(), 'release-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const zip = join(folder, 'layer.zip');
  writeFileSync(zip, 'the layer');
  const readBytes = (name: string) => readFileSync(join(folder, name));
  const read = (name: string) => readBytes(name).toString();

  const env = {
    ...process.env,
    PATH: [fixture('release-tools'), dirname(process.execPath), process.env.PATH].join(delimiter),
    AWS_STAND_IN: folder,
  };

  function publish(more: NodeJS.ProcessEnv = {}) {
    rmSync(join(folder, 'calls'), { force: true });
    const { status, stderr } = spawnSync(
      process.execPath,
      [join(SCRIPTS, 'publish-layer.js'), zip, '1.2.3', folder],
      {
        env: { ...env, ...more },
        encoding: 'utf8',
      },
    );
    const calls = existsSync(join(folder, 'calls'))
      ? read('calls')
          .trimEnd()
          .split('\n')
          .map((line): string => JSON.parse(line).join(' '))
      : [];
    return { status, stderr, calls };
  }
  return { publish, read, readBytes, zip, env };
}

it('the layer is published for everybody in every Region, and named in SSM', () => {
  const { publish, zip } = release();
  const { status, stderr, calls } = publish();

  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  const callsOf = (region: string) => calls.filter((call) => call.includes(`--region ${region} `));
  for (const region of ['eu-west-1', 'us-east-1']) {
    const parameter = (name: string) =>
      `ssm put-parameter --region ${region} --name /async-http/layer/${name} ` +
      `--type String --value ${ARN(region)} --overwrite --output json`;
    expect(callsOf(region).filter((call) => !call.startsWith('ec2 '))).toEqual([
      `lambda list-layer-versions --region ${region} --layer-name async-http --output json`,
      `lambda publish-layer-version --region ${region} --layer-name async-http ` +
        `--description async-http 1.2.3 --license-info MIT --zip-file fileb://${zip} ` +
        '--compatible-runtimes nodejs22.x nodejs24.x --compatible-architectures x86_64 arm64 --output json',
      `lambda add-layer-version-permission --region ${region} --layer-name async-http ` +
        '--version-number 1 --statement-id public --action lambda:GetLayerVersion --principal * --output json',
      parameter('1.2.3'),
      parameter('latest'),
    ]);
  }
});

it('its ARNs are a table and a manifest', () => {
  const { publish, read } = release();
  publish();

  expect(read('layer-arns.md')).toBe(
    `| Region | ARN |\n| --- | --- |\n| eu-west-1 | \`${ARN('eu-west-1')}\` |\n| us-east-1 | \`${ARN('us-east-1')}\` |\n`,
  );
  expect(JSON.parse(read('layer-arns.json'))).toEqual({
    version: '1.2.3',
    codeSha256: 'KGqrU7vDu7PyvagWNfohZo8VMI8cyYyrGzFdhLinXZc=',
    compatibleRuntimes: ['nodejs22.x', 'nodejs24.x'],
    regions: { 'eu-west-1': ARN('eu-west-1'), 'us-east-1': ARN('us-east-1') },
  });
});

it('a Region that refuses does not keep it from the others, and a second run adds only that one', () => {
  const { publish, read } = release();
  const first = publish({ AWS_REFUSED: 'eu-west-1' });

  expect(first.status).toBe(1);
  expect(first.stderr).toMatch(
    /not in 1 of 2 Regions \(ASYNC_HTTP_LAYER_NOT_PUBLISHED\).*\n {2}eu-west-1: .*AccessDeniedException/,
  );
  expect(JSON.parse(read('layer-arns.json')).regions).toEqual({ 'us-east-1': ARN('us-east-1') });

  const second = publish();
  expect({ status: second.status, stderr: second.stderr }).toEqual({ status: 0, stderr: '' });
  expect(second.calls.filter((call) => call.includes('publish-layer-version'))).toEqual([
    expect.stringContaining('--region eu-west-1'),
  ]);
});

it('another zip under the same version is refused', () => {
  const { publish, zip } = release();
  publish();
  writeFileSync(zip, 'another layer');
  const { status, stderr } = publish();

  expect(status).toBe(1);
  expect(stderr).toContain(`${ARN('eu-west-1')} is another zip`);
});

// pnpm takes long to make the bill of materials on a busy machine.
const SLOW = { timeout: 120_000 };

it(
  'the release of the layer has the zip, its ARNs, its bill of materials, and checksums of all',
  SLOW,
  () => {
    const { env, read, readBytes } = release();
    const { status, stderr } = spawnSync('bash', [join(SCRIPTS, 'release-layer.sh')], {
      env: { ...env, PUBLISHES_LAYER: 'true' },
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });

    const files = ['layer-arns.json', 'layer-arns.md', 'layer.cdx.json', 'layer.zip'];
    expect(read('gh').trimEnd().split('\n')).toEqual([
      'release',
      'create',
      expect.stringMatching(/^layer-v\d+\.\d+\.\d+$/),
      '--generate-notes',
      '--notes-file',
      'layer-arns.md',
      '--',
      'SHA256SUMS',
      ...files,
    ]);
    expect(JSON.parse(read('assets/layer.cdx.json')).bomFormat).toBe('CycloneDX');
    expect(read('assets/SHA256SUMS')).toBe(
      files.map((name) => `${sha256(readBytes(`assets/${name}`))}  ${name}\n`).join(''),
    );
  },
);

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
