import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished } from 'vitest';

const ROOT = join(import.meta.dirname, '../../..');
const CLI = join(ROOT, 'packages/emulator/dist/cli.js');

interface CliEvent {
  readonly type: string;
  readonly at: number;
  readonly functionName?: string;
  readonly environmentId?: string;
  readonly requestId?: string;
  readonly statusCode?: number;
  readonly line?: string;
}

/** Runs an example as `npm start` does, until `isDone`, and then ends it with Ctrl-C. */
async function run(projectFile: string, isDone: (events: CliEvent[]) => boolean) {
  const cli = spawn(
    process.execPath,
    [CLI, 'dev', join(ROOT, 'examples', projectFile), '--port', '0', '--json', '--request'],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  onTestFinished(() => void cli.kill('SIGKILL'));
  const exited = once(cli, 'exit');
  const events: CliEvent[] = [];
  let isEnding = false;
  for await (const line of createInterface({ input: cli.stdout })) {
    events.push(JSON.parse(line));
    // Once: a second Ctrl-C would end it without the SHUTDOWN phase.
    if (!isEnding && isDone(events)) isEnding = cli.kill('SIGINT');
  }
  const [exitCode] = await exited;
  return { events, exitCode };
}

function of(events: CliEvent[], functionName: string, type: string): CliEvent[] {
  return events.filter((event) => event.functionName === functionName && event.type === type);
}

/** Says that the reply came before the last line of the job, and the freeze after it. */
function expectReplyThenJobThenFreeze(events: CliEvent[], functionName: string, lastLine: string) {
  const story = events
    .filter((event) => event.functionName === functionName)
    .map(({ type, line }) => (type === 'log' && line?.includes(lastLine) ? 'job done' : type))
    .filter((name) => ['http.response', 'job done', 'frozen'].includes(name));
  expect(story).toEqual(['http.response', 'job done', 'frozen']);
}

it('the Serverless Framework example answers first, works on, and freezes', async () => {
  const { events, exitCode } = await run(
    'serverless-framework/serverless.yml',
    (events) =>
      of(events, 'customResponse', 'frozen').length > 0 &&
      of(events, 'customHandler', 'frozen').length > 0,
  );

  expectReplyThenJobThenFreeze(events, 'customResponse', 'newsletter: sent');
  expectReplyThenJobThenFreeze(events, 'customHandler', 'invoice: sent');
  expect(
    events
      .filter(({ functionName, type }) => functionName === 'customResponse' && /^job\./.test(type))
      .map(({ type }) => type),
  ).toEqual(['job.accepted', 'job.attempt', 'job.ended']);
  // Its work takes 45 s; it has replied long before.
  expect(of(events, 'longRunning', 'http.response')[0]?.statusCode).toBe(200);
  expect(exitCode).toBe(0);
});

it('the SAM example answers first, works on, and freezes', async () => {
  const { events, exitCode } = await run(
    'sam/template.yaml',
    (events) =>
      of(events, 'CustomResponse', 'frozen').length > 0 &&
      of(events, 'CustomHandler', 'frozen').length > 0,
  );

  expectReplyThenJobThenFreeze(events, 'CustomResponse', 'newsletter: sent');
  expectReplyThenJobThenFreeze(events, 'CustomHandler', 'invoice: sent');
  expect(exitCode).toBe(0);
});

describe.each(
  readdirSync(join(ROOT, 'examples'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => ({ name })),
)('the example $name, copied out', ({ name }) => {
  const read = (file: string) => readFileSync(join(ROOT, 'examples', name, file), 'utf8');
  const { scripts, dependencies, devDependencies } = JSON.parse(read('package.json'));

  it('takes all packages from the registry', () => {
    const ranges = Object.values({ ...dependencies, ...devDependencies });
    for (const range of ranges) expect(range).toMatch(/^[\^~]?\d+\.\d+\.\d+$/);
  });

  it('starts with what its README says', () => {
    expect(scripts.dev).toMatch(/^(npm run build && )?async-http-emulator dev$/);
    expect(devDependencies).toHaveProperty('@async-http/emulator');
    expect(devDependencies).toHaveProperty('@async-http/layer-builder');
    expect(read('README.md')).toMatch(/^npm i && .*npm run dev$/m);
    expect(read('README.md')).not.toContain('../');
  });
});
