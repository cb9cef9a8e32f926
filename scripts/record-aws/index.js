#!/usr/bin/env node
// Asks AWS what no source says, and writes the answers into a folder. Not yet run on AWS.
//
//   node scripts/record-aws [--region R] [--runtime R] [--out FOLDER] [--wait-minutes N]
//
// --dry-run prints the commands and runs none of them.
//
// Needs the AWS CLI and permissions for Lambda, IAM roles, API Gateway and CloudWatch Logs. Takes
// a quarter of an hour and costs cents. Deletes all that it has made, also on Ctrl-C.

import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { zip } from '../../packages/emulator/test/support/zip.ts';

const { values: options } = parseArgs({
  options: {
    region: { type: 'string', default: process.env.AWS_REGION ?? 'us-east-1' },
    runtime: { type: 'string', default: 'nodejs24.x' },
    out: { type: 'string', default: 'recordings' },
    'wait-minutes': { type: 'string', default: '12' },
    'dry-run': { type: 'boolean', default: false },
  },
});
const isDryRun = options['dry-run'];
const name = `async-http-record-${randomBytes(3).toString('hex')}`;
const group = `/aws/lambda/${name}`;
const work = mkdtempSync(join(tmpdir(), 'record-aws-'));
const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => stopping.abort());
/** Commands that take back what has been made, the newest first. */
const undo = [];

/** The words of a command line; what is put in stays one word. */
const words = (texts, ...values) =>
  texts.flatMap((part, at) => [...part.split(/\s+/).filter(Boolean), values[at] ?? []].flat());

/** @param signal stops before the command; what takes back has none. */
async function aws(command, query, signal = stopping.signal) {
  signal?.throwIfAborted();
  const args = [...command, '--region', options.region, '--output', 'json'];
  if (query) args.push('--query', query);
  if (isDryRun) {
    console.log(`aws ${args.join(' ')}`);
    return `<${query}>`;
  }
  // In its own process group: Ctrl-C must not end a command half way.
  const child = spawn('aws', args, { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise((resolve, reject) => child.on('close', resolve).on('error', reject));
  const [code, out, problem] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  if (code !== 0) throw new Error(`aws ${command.slice(0, 2).join(' ')}: ${problem.trim()}`);
  return out.trim() ? JSON.parse(out) : undefined;
}

const pause = (ms) => (isDryRun ? undefined : delay(ms, undefined, { signal: stopping.signal }));

/** A new role can be used after some seconds. */
async function patiently(step, attempts = 10) {
  try {
    return await step();
  } catch (error) {
    if (attempts === 1 || stopping.signal.aborted) throw error;
    await pause(3_000);
    return patiently(step, attempts - 1);
  }
}

function zipFile(file, probe, entry, mode) {
  const content = readFileSync(new URL(`probe/${probe}`, import.meta.url), 'utf8');
  writeFileSync(join(work, file), zip([{ name: entry, content, mode }]));
  return `fileb://${join(work, file)}`;
}

const allow = (statement) =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...statement }] });

async function setUp() {
  const logs = words`--log-group-name ${group}`;
  await aws(words`logs create-log-group ${logs}`);
  undo.unshift(words`logs delete-log-group ${logs}`);

  const Principal = { Service: 'lambda.amazonaws.com' };
  const assume = words`--assume-role-policy-document ${allow({ Action: 'sts:AssumeRole', Principal })}`;
  const role = await aws(words`iam create-role --role-name ${name} ${assume}`, 'Role.Arn');
  undo.unshift(words`iam delete-role --role-name ${name}`);

  // Not CreateLogGroup: what is logged last must not bring the deleted group back.
  const write = allow({ Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: '*' });
  const policy = words`--role-name ${name} --policy-name logs`;
  await aws(words`iam put-role-policy ${policy} --policy-document ${write}`);
  undo.unshift(words`iam delete-role-policy ${policy}`);

  const zipped = words`--zip-file ${zipFile('layer.zip', 'extension', 'extensions/probe', 0o100755)}`;
  const publish = words`lambda publish-layer-version --layer-name ${name} ${zipped}`;
  const layer = await aws(publish, 'LayerVersionArn');
  const version = words`--version-number ${layer.split(':').at(-1)}`;
  undo.unshift(words`lambda delete-layer-version --layer-name ${name} ${version}`);

  const code = zipFile('code.zip', 'index.mjs', 'index.mjs', 0o100644);
  const create = words`lambda create-function --function-name ${name} --role ${role}
    --runtime ${options.runtime} --handler index.handler --zip-file ${code} --layers ${layer}
    --timeout 5 --memory-size 256`;
  const arn = await patiently(() => aws(create, 'FunctionArn'));
  undo.unshift(words`lambda delete-function --function-name ${name}`);

  const createApi = words`apigatewayv2 create-api --name ${name} --protocol-type HTTP`;
  const api = await aws(words`${createApi} --target ${arn}`, 'ApiId');
  undo.unshift(words`apigatewayv2 delete-api --api-id ${api}`);
  await aws(words`lambda add-permission --function-name ${name} --statement-id api
    --action lambda:InvokeFunction --principal apigateway.amazonaws.com`);
  await aws(words`lambda wait function-active-v2 --function-name ${name}`);
  return api;
}

/** The elapsed time includes that of the CLI itself, about a second. */
async function invoke(event, ...more) {
  const file = join(work, 'payload');
  const eventFile = join(work, `event-${event.holdMs ?? 'plain'}.json`);
  writeFileSync(eventFile, JSON.stringify(event));
  const payload = words`--payload ${`fileb://${eventFile}`}`;
  const startedAt = Date.now();
  const result = await aws(words`lambda invoke --function-name ${name} ${payload} ${more} ${file}`);
  if (isDryRun) return result;
  const elapsedMs = Date.now() - startedAt;
  const log = Buffer.from(result.LogResult ?? '', 'base64').toString();
  return { ...result, elapsedMs, log, payload: readFileSync(file, 'utf8') };
}

async function get(url, headers = {}) {
  if (isDryRun) return void console.log(`GET ${url} ${Object.keys(headers)}`);
  const response = await fetch(url, { headers, signal: stopping.signal });
  return { status: response.status, headers: [...response.headers], body: await response.text() };
}

async function ask(api) {
  const found = { runtime: await invoke({}) };
  await pause(3_000);
  found.freezeOfThreeSeconds = await invoke({});
  found.logTailOfEarlyResponse = await invoke({ holdMs: 2_000 }, '--log-type', 'Tail');
  await pause(4_000);
  found.callerOfHoldThatTimesOut = await invoke({ holdMs: 60_000 });
  await pause(8_000);

  const url = await aws(words`apigatewayv2 get-api --api-id ${api}`, 'ApiEndpoint');
  found.headersTooLarge = await get(url, { 'x-long': 'x'.repeat(10_300) });
  const integrations = words`apigatewayv2 get-integrations --api-id ${api}`;
  const integration = await aws(integrations, 'Items[0].IntegrationId');
  await aws(words`apigatewayv2 update-integration --api-id ${api}
    --integration-id ${integration} --timeout-in-millis 50`);
  // Retires the environments, which get SHUTDOWN; the start of another takes more than 50 ms.
  await aws(words`lambda update-function-configuration --function-name ${name} --description new`);
  await aws(words`lambda wait function-updated-v2 --function-name ${name}`);
  await pause(5_000);
  found.integrationTimeout = await get(url);
  await aws(words`lambda put-function-concurrency --function-name ${name}
    --reserved-concurrent-executions 0`);
  await pause(5_000);
  found.throttled = await get(url);
  await aws(words`lambda delete-function-concurrency --function-name ${name}`);
  await pause(5_000);
  found.eventWhoseHoldTimesOut = await invoke({ holdMs: 60_000 }, '--invocation-type', 'Event');
  console.log(`Waiting ${options['wait-minutes']} minutes for retries and SHUTDOWN.`);
  await pause(Number(options['wait-minutes']) * 60_000);
  const logs = words`logs filter-log-events --log-group-name ${group} --filter-pattern RECORD`;
  found.records = await aws(logs, 'events[].[logStreamName, message]');
  return found;
}

function write(found) {
  const date = new Date().toISOString().slice(0, 10);
  const json = JSON.stringify(found, null, 2).replaceAll(/(?<=:)\d{12}(?=:)/g, '111111111111');
  const file = join(options.out, `${date}-${options.runtime}-${options.region}.json`);
  mkdirSync(options.out, { recursive: true });
  writeFileSync(file, `${json}\n`);
  console.log(`Written: ${file}`);
}

try {
  const found = await ask(await setUp());
  if (!isDryRun) write(found);
} catch (error) {
  process.exitCode = 1;
  console.error(stopping.signal.aborted ? 'Stopped.' : error.message);
} finally {
  for (const command of undo) {
    await aws(command, '', null).catch((error) => {
      process.exitCode = 1;
      console.error(`Delete it yourself: aws ${command.join(' ')}\n${error.message}`);
    });
  }
  rmSync(work, { recursive: true, force: true });
}
