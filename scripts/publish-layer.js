// Publishes the layer to every Region of an AWS account, for everybody:
//   node scripts/publish-layer.js ZIP VERSION FOLDER
//
// FOLDER gets layer-arns.md (a table) and layer-arns.json (a manifest). Each Region also gets two SSM parameters with
// the ARN, of the version and of the latest one, for the account that publishes. A second run with the same zip
// publishes only where the first one could not. Not run against AWS yet.

import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { aws } from './aws-cli.js';

const LAYER = 'async-http';
const RUNTIMES = ['nodejs22.x', 'nodejs24.x'];
const ARCHITECTURES = ['x86_64', 'arm64'];

const [zip, version, folder] = process.argv.slice(2);
if (folder === undefined) {
  console.error('Usage: node scripts/publish-layer.js ZIP VERSION FOLDER');
  process.exit(2);
}

const codeSha256 = createHash('sha256').update(readFileSync(zip)).digest('base64');
const description = `async-http ${version}`;

const { Regions } = await aws(['ec2', 'describe-regions', '--region', 'us-east-1']);
/** @type {Record<string, string>} */
const arns = {};
const failures = [];
for (const region of Regions.map(({ RegionName }) => RegionName).sort()) {
  try {
    arns[region] = await publish(region);
    console.log(`${region}  ${arns[region]}`);
  } catch (error) {
    failures.push(`${region}: ${error.message}`);
  }
}
writeResults();
if (failures.length > 0) {
  console.error(
    `The layer is not in ${failures.length} of ${Regions.length} Regions (ASYNC_HTTP_LAYER_NOT_PUBLISHED). ` +
      `In the others it is published. Correct the cause, and run this again.\n  ${failures.join('\n  ')}`,
  );
  process.exitCode = 1;
}

/** @returns the ARN of the layer version, which is public and named in SSM when this resolves. */
async function publish(region) {
  const {
    LayerVersionArn: arn,
    Version,
    Content,
  } = (await findPublished(region)) ?? (await publishVersion(region));
  if (Content.CodeSha256 !== codeSha256) {
    throw new Error(`${arn} is another zip (${Content.CodeSha256}, expected ${codeSha256})`);
  }
  await makePublic(region, Version);
  for (const name of [version, 'latest']) {
    await aws([
      ...['ssm', 'put-parameter', '--region', region, '--name', `/${LAYER}/layer/${name}`],
      ...['--type', 'String', '--value', arn, '--overwrite'],
    ]);
  }
  return arn;
}

/** What an earlier run has published. */
async function findPublished(region) {
  const layer = ['--region', region, '--layer-name', LAYER];
  const { LayerVersions } = await aws(['lambda', 'list-layer-versions', ...layer]);
  const earlier = LayerVersions.find((candidate) => candidate.Description === description);
  if (earlier === undefined) return undefined;
  return aws([
    'lambda',
    'get-layer-version-by-arn',
    '--region',
    region,
    '--arn',
    earlier.LayerVersionArn,
  ]);
}

function publishVersion(region) {
  return aws([
    ...['lambda', 'publish-layer-version', '--region', region, '--layer-name', LAYER],
    ...['--description', description, '--license-info', 'MIT', '--zip-file', `fileb://${zip}`],
    ...['--compatible-runtimes', ...RUNTIMES, '--compatible-architectures', ...ARCHITECTURES],
  ]);
}

async function makePublic(region, number) {
  try {
    await aws([
      ...['lambda', 'add-layer-version-permission', '--region', region, '--layer-name', LAYER],
      ...['--version-number', `${number}`, '--statement-id', 'public'],
      ...['--action', 'lambda:GetLayerVersion', '--principal', '*'],
    ]);
  } catch (error) {
    // An earlier run has come as far as this.
    if (!error.message.includes('ResourceConflictException')) throw error;
  }
}

function writeResults() {
  mkdirSync(folder, { recursive: true });
  const manifest = { version, codeSha256, compatibleRuntimes: RUNTIMES, regions: arns };
  writeFileSync(join(folder, 'layer-arns.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  const rows = Object.entries(arns).map(([region, arn]) => `| ${region} | \`${arn}\` |`);
  writeFileSync(
    join(folder, 'layer-arns.md'),
    ['| Region | ARN |', '| --- | --- |', ...rows, ''].join('\n'),
  );
}
