import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { cpuLimitRefusal, type LambdaOptions } from '../../src/index.ts';
import { folder } from '../support/layer.ts';
import { isolations, start, type TestLambda } from '../support/start.ts';

const canLimit = (await cpuLimitRefusal()) === undefined;

const V1 = '/sys/fs/cgroup/cpu';
const isV1 = existsSync(`${V1}/cgroup.procs`);
/** The line of `/proc/self/cgroup` about CPU. */
const CPU_GROUP = isV1 ? /^\d+:(?:[^:]*,)?cpu(?:,[^:]*)?:(.*)$/ : /^0::(.*)$/;

/** A child process says in which groups it is. */
const FUNCTION = `
  import { execFileSync } from 'node:child_process';
  execFileSync('/bin/cat', ['/proc/self/cgroup'], { stdio: 'inherit' });
  export const handler = async () => {};`;
/** Says so as the first thing it does, and ends without registering anything. */
const EXTENSION = '#!/bin/sh\nexec /bin/cat /proc/self/cgroup\n';

async function startFunction(options: Partial<LambdaOptions>): Promise<TestLambda> {
  const code = await folder({ 'index.mjs': FUNCTION });
  return start({ code, timeoutMs: 60_000, ...options });
}

/** The group that a process of the environment has named in a log line. */
async function groupOf(lambda: TestLambda, source: 'function' | 'extension'): Promise<string> {
  const event = await lambda.until(
    (each) => each.type === 'log' && each.source === source && CPU_GROUP.test(each.line),
  );
  return CPU_GROUP.exec((event as { line: string }).line)?.[1] ?? '';
}

/** µs of CPU time and the period for which they are given. */
async function ration(group: string): Promise<string> {
  const read = async (file: string) => (await readFile(file, 'utf8')).trim();
  if (!isV1) return read(`/sys/fs/cgroup${group}/cpu.max`);
  const folder = V1 + group;
  return `${await read(`${folder}/cpu.cfs_quota_us`)} ${await read(`${folder}/cpu.cfs_period_us`)}`;
}

describe.runIf(canLimit)('CPU', () => {
  it.each(isolations)(
    'cpuCores: the function and its children get that much in 20 ms (%s)',
    async (isolation) => {
      const lambda = await startFunction({ isolation, cpuCores: 0.5 });

      await lambda.invoke({});

      expect(await ration(await groupOf(lambda, 'function'))).toBe('10000 20000');
    },
  );

  it.each(isolations)(
    'an extension shares it, from its first instruction (%s)',
    async (isolation) => {
      const layer = await folder({ 'extensions/shows': EXTENSION });
      const lambda = await startFunction({ isolation, cpuCores: 0.5, layers: [layer] });

      await lambda.invoke({});

      expect(await ration(await groupOf(lambda, 'extension'))).toBe('10000 20000');
    },
  );

  it('as-lambda: by memory size, 1,769 MB are a core', async () => {
    const lambda = await startFunction({ cpuCores: 'as-lambda', memoryMiB: 256 });

    await lambda.invoke({});

    expect(await ration(await groupOf(lambda, 'function'))).toBe('2894 20000');
  });

  it('is not limited without cpuCores', async () => {
    const lambda = await startFunction({});

    await lambda.invoke({});

    const own = (await readFile('/proc/self/cgroup', 'utf8'))
      .split('\n')
      .map((line) => CPU_GROUP.exec(line)?.[1])
      .find(Boolean);
    const group = await groupOf(lambda, 'function');
    // With cgroup v2 the memory limit makes a group of it.
    expect(isV1 ? group === own : /^max /.test(await ration(group))).toBe(true);
  });
});
