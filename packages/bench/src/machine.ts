import { availableParallelism, cpus, loadavg } from 'node:os';

/** What a reader has to know of the machine to compare two runs. */
export interface Machine {
  readonly node: string;
  readonly platform: string;
  readonly cores: number;
  readonly cpu: string;
  /** Processes that wanted to run in the last minute, on average. */
  readonly load: number;
}

export function describeMachine(): Machine {
  return {
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    cores: availableParallelism(),
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    load: loadavg()[0] ?? 0,
  };
}
