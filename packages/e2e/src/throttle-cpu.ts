import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Lambda } from '@async-http/emulator';
import { processesOf } from './processes.ts';

const CGROUP_V1 = '/sys/fs/cgroup/cpu';
const CGROUP_V2 = '/sys/fs/cgroup';
const PERIOD_US = 100_000;

/** Why CPU cannot be rationed here; undefined where it can. */
export function noThrottleReason(): string | undefined {
  const folder = join(rootFolder(), `async-http-probe-${process.pid}`);
  try {
    mkdirSync(folder);
    const canLimit = existsSync(join(folder, isV1() ? 'cpu.cfs_quota_us' : 'cpu.max'));
    rmdirSync(folder);
    return canLimit ? undefined : 'the CPU controller is off for this process';
  } catch {
    return 'only root may make cgroups here';
  }
}

/**
 * Gives all processes of an environment together this share of a core, as Lambda does by memory size
 * (1,769 MB are one; 0.1 is less than 200 MB).
 *
 * @returns ends it; to be called when the environment is closed
 */
export function throttleCpu(lambda: Lambda, share: number): () => void {
  const folder = join(rootFolder(), `async-http-${lambda.name}`);
  mkdirSync(folder);
  const quotaUs = Math.round(share * PERIOD_US);
  if (isV1()) {
    writeFileSync(join(folder, 'cpu.cfs_period_us'), String(PERIOD_US));
    writeFileSync(join(folder, 'cpu.cfs_quota_us'), String(quotaUs));
  } else {
    writeFileSync(join(folder, 'cpu.max'), `${quotaUs} ${PERIOD_US}`);
  }
  for (const pid of processesOf(lambda)) writeFileSync(join(folder, 'cgroup.procs'), String(pid));
  return () => removeWhenEmpty(folder);
}

/** The kernel keeps a group for a moment after its last process has ended. */
function removeWhenEmpty(folder: string, triesLeft = 20): void {
  try {
    rmdirSync(folder);
  } catch {
    if (triesLeft > 0) setTimeout(() => removeWhenEmpty(folder, triesLeft - 1), 100).unref();
  }
}

function isV1(): boolean {
  return existsSync(join(CGROUP_V1, 'cpu.cfs_quota_us'));
}

function rootFolder(): string {
  return isV1() ? CGROUP_V1 : CGROUP_V2;
}
