import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { startLambda } from '@async-http/emulator';
import { expect, it, onTestFinished } from 'vitest';

const SCRIPT = join(import.meta.dirname, '../../../scripts/record-aws');
const FAKE_AWS = join(import.meta.dirname, 'fixtures/record-aws');

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'record-aws-test-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Runs `scripts/record-aws` with another program in the place of the AWS CLI. */
async function record(...args: string[]) {
  const log = join(await temporaryFolder(), 'commands');
  const child = spawn(process.execPath, [SCRIPT, ...args], {
    env: { ...process.env, PATH: FAKE_AWS + delimiter + process.env.PATH, FAKE_AWS_LOG: log },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended = Promise.all([once(child, 'close'), text(child.stdout), text(child.stderr)]);
  return {
    child,
    commands: async () => (await readFile(log, 'utf8').catch(() => '')).trimEnd().split('\n'),
    ended: ended.then(([[exitCode], stdout, stderr]) => ({ exitCode, stdout, stderr })),
  };
}

/** What is made, and what takes it back, in the opposite order. */
const MADE = ['log-group', 'role', 'role-policy', 'layer-version', 'function', 'api'];
const TAKEN_BACK = MADE.toReversed().map((what) => `delete-${what}`);

const subcommands = (commands: readonly string[]) =>
  commands.map((command) => command.split(' ')[1] ?? '');

it('a dry run prints every command, and runs none', async () => {
  const { commands, ended } = await record('--dry-run');

  const { exitCode, stdout } = await ended;

  expect(exitCode).toBe(0);
  expect(await commands()).toEqual(['']);
  const planned = subcommands(
    stdout.split('\n').flatMap((line) => (line.startsWith('aws ') ? [line.slice(4)] : [])),
  );
  expect(planned).toEqual(
    expect.arrayContaining(['create-function', 'invoke', 'filter-log-events']),
  );
  expect(planned.slice(-MADE.length)).toEqual([...TAKEN_BACK]);
});

it('Ctrl-C deletes all that was made', async () => {
  const { child, commands, ended } = await record();
  await expect
    .poll(async () => (await commands()).join('\n'), { timeout: 20_000 })
    .toContain('lambda invoke');

  child.kill('SIGINT');

  expect(await ended).toMatchObject({ exitCode: 1, stderr: 'Stopped.\n' });
  expect(subcommands(await commands()).slice(-MADE.length)).toEqual(TAKEN_BACK);
  expect((await commands()).join('\n')).toContain('--version-number 7');
});

it('what it deploys answers its questions', async () => {
  const layer = await temporaryFolder();
  await mkdir(join(layer, 'extensions'));
  await copyFile(join(SCRIPT, 'probe/extension'), join(layer, 'extensions/probe'));
  const lambda = await startLambda({
    code: join(SCRIPT, 'probe'),
    handler: 'index.handler',
    layers: [layer],
    timeoutMs: 5_000,
  });
  onTestFinished(() => lambda.close());

  await lambda.invoke({});
  await lambda.idle();
  const { payload } = await lambda.invoke({ holdMs: 300 });
  await lambda.idle();
  await lambda.shutdown();

  expect(JSON.parse(payload.toString())).toMatchObject({
    sinceLastInvoke: { wallMs: expect.any(Number), ticks: expect.any(Number) },
    execArgv: expect.arrayContaining(['--expose-gc']),
  });
  const records = lambda.logs.map(({ line }) => line).filter((line) => line.includes('RECORD {'));
  for (const fact of [
    'extensionFolder',
    'fifoInTmp":"works"',
    'devTcp":"works"',
    'telemetrySubscription":200',
    'shutdownReason',
    'shutdownHeaders',
    'runtimeAfterSigtermMs',
    'extensionAfterShutdownMs',
  ]) {
    expect(records.join('\n')).toContain(fact);
  }
});
