import type { Answer } from './match.ts';
import type { Interface } from './rule.ts';

export const ADDRESS_NAMES = [
  'runtime-api',
  'invoke-api',
  'function-url',
  'http-api',
  'rest-api',
] as const;

export type AddressName = (typeof ADDRESS_NAMES)[number];

/** URLs without a slash at the end. */
export type Addresses = Readonly<Partial<Record<AddressName, string>>>;

export const ADDRESS_OF: Readonly<Record<Interface, AddressName>> = {
  'Runtime API': 'runtime-api',
  'Extensions API': 'runtime-api',
  'Telemetry API': 'runtime-api',
  'Logs API': 'runtime-api',
  'Node.js runtime': 'invoke-api',
  'Invoke API': 'invoke-api',
  'Function URL': 'function-url',
  'HTTP API': 'http-api',
  'REST API': 'rest-api',
};

/** An environment whose runtime and extension do nothing: the runner makes their calls. */
export interface IdleEnvironment {
  /** Address of the Runtime, Extensions and Telemetry APIs. */
  readonly api: string;
  /** Invokes its function. @returns what the caller gets. */
  invoke(): Promise<Answer>;
  close(): Promise<void>;
}

/** Whom the rules are played against. */
export interface Target {
  readonly addresses: Addresses;
  /** Name of the function whose environment is idle. */
  readonly idleFunction: string;
  /** A new environment for each rule. Absent: there is only the one at the addresses. */
  readonly startIdle?: () => Promise<IdleEnvironment>;
}
