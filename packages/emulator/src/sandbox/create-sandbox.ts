import { join } from 'node:path';
import { CpuLimitRefusedError, NamespaceRefusedError } from '../errors.ts';
import type { FunctionConfig } from '../function-config.ts';
import type { Isolation } from '../lambda-types.ts';
import { cpuLimitRefusal } from './cgroups/cpu-limit.ts';
import type { FunctionFolders } from './function-folders.ts';
import { HookSandbox } from './hook-sandbox.ts';
import { NamespaceSandbox } from './namespace-sandbox.ts';
import { namespaceRefusal } from './namespace-support.ts';
import type { Sandbox } from './sandbox.ts';

export interface SandboxFactory {
  readonly isolation: Isolation;
  /** What the user should know about the choice. */
  readonly remark?: string;
  readonly createSandbox: () => Promise<Sandbox>;
}

/**
 * Chooses how environments are kept apart.
 *
 * @throws codes `ASYNC_HTTP_EMULATOR_NAMESPACE_REFUSED`, `ASYNC_HTTP_EMULATOR_CPU_LIMIT_REFUSED` when
 * that is asked for and refused.
 */
export async function createSandboxFactory({
  config,
  folders,
  workFolder,
  asked,
}: {
  config: FunctionConfig;
  folders: FunctionFolders;
  workFolder: string;
  asked: Isolation | undefined;
}): Promise<SandboxFactory> {
  let count = 0;
  const nextFolder = () => join(workFolder, `environment-${++count}`);
  const { handler, memoryMiB, cpuCores } = config;
  const cpuRefusal = cpuCores === undefined ? undefined : await cpuLimitRefusal();
  if (cpuRefusal !== undefined) throw new CpuLimitRefusedError(cpuRefusal);
  const refusal = asked === 'hook' ? 'asked for' : await namespaceRefusal();
  if (refusal === undefined) {
    return {
      isolation: 'namespace',
      createSandbox: () =>
        NamespaceSandbox.create({ folder: nextFolder(), folders, handler, memoryMiB, cpuCores }),
    };
  }
  if (asked === 'namespace') throw new NamespaceRefusedError(refusal);
  return {
    isolation: 'hook',
    remark:
      `Environments have no file system of their own (isolation: hook; ${refusal}): ` +
      '/opt and /var/task exist for module loading only, /tmp is shared (TMPDIR is not), and one environment runs at a time.',
    createSandbox: () => HookSandbox.create({ folder: nextFolder(), folders, handler, cpuCores }),
  };
}
