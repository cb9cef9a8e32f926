import type { Isolation } from '../lambda-types.ts';

/** Where the processes of an environment see its folders. */
export interface EnvironmentPaths {
  readonly opt: string;
  readonly task: string;
  readonly runtime: string;
  /** Folder of the managed runtime's `node`. */
  readonly nodeBin: string;
  /** The handler string for the runtime; differs from the configured one only where `/opt` is not at `/opt`. */
  readonly handler: string;
  /** More variables that every process needs to find these folders. */
  readonly variables: Readonly<Record<string, string>>;
  /** The same for extensions, which are not told of these folders otherwise. */
  readonly extensionVariables: Readonly<Record<string, string>>;
  readonly extensionNodeOptions: string;
  /** More flags for the runtime's Node.js. */
  readonly nodeFlags: readonly string[];
}

export interface ProcessSpec {
  readonly command: readonly [program: string, ...args: string[]];
  readonly cwd: string;
  readonly variables: Readonly<Record<string, string>>;
  /** Called with each complete line of stdout or stderr. */
  readonly onLine: (line: string) => void;
}

/** How a process ended, in the words of Lambda's error messages: `exit status 1`, `signal: killed`. */
export type ExitStatus = string;

export interface SandboxProcess {
  /** Resolves when the process is gone; never rejects. */
  readonly exited: Promise<ExitStatus>;
  /** Sends a signal to the process and its process group, as Lambda does. */
  signal(signal: 'SIGTERM' | 'SIGKILL'): void;
  /** SIGKILL to the process alone, as when it crashes. */
  crash(): void;
  /** Ids, on this machine, of the programs furthest below the process; empty when it has started none. */
  workers(): Promise<number[]>;
}

/** The file system and the processes of one environment. They outlive a reset; the processes do not. */
export interface Sandbox {
  readonly isolation: Isolation;
  readonly paths: EnvironmentPaths;
  /** It was ended from outside, as when a machine is lost: nothing can be started in it any more. */
  readonly isLost: boolean;
  /** IPv4 addresses of servers in the environment; the first is that of `sandbox.localdomain`, where it resolves. */
  readonly addresses: readonly string[];
  /** Executes the program directly: no shell, stdin empty, its own process group. */
  start(spec: ProcessSpec): Promise<SandboxProcess>;
  /** Stops every process, children and grandchildren included. */
  freeze(): Promise<void>;
  thaw(): Promise<void>;
  /** SIGKILL to every process. The sandbox can be used again afterwards. */
  killAll(): Promise<void>;
  /** Highest memory use of all processes together, in MiB; without cgroups the highest that was measured here. */
  peakMemoryMiB(): Promise<number>;
  /** Ends every process and removes every file. Idempotent. */
  close(): Promise<void>;
}
