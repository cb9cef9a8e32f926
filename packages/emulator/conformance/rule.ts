export const INTERFACES = [
  'Runtime API',
  'Extensions API',
  'Telemetry API',
  'Logs API',
  'Node.js runtime',
  'Invoke API',
  'Function URL',
  'HTTP API',
  'REST API',
] as const;

export type Interface = (typeof INTERFACES)[number];

/**
 * What the endpoint is in when the rule begins.
 *
 * - `function`: the functions of `function/template.yaml` are deployed
 * - `INIT`: an environment has been started by an invoke, and nobody has registered
 * - `registered`: the same, and `{extension}` is the identifier of an extension
 * - `running`: the runtime has an event, and `{request}` is the id of the invoke
 */
export type Given = 'function' | 'INIT' | 'registered' | 'running';

/** Texts may name `{extension}`, `{request}` and `{idle}`, the function whose runtime the runner plays. */
export interface Call {
  /** `GET /path`. */
  readonly to: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Anything but a string is sent as JSON. */
  readonly body?: unknown;
  /** Instead of the first label of the address. */
  readonly hostLabel?: string;
}

/** What is not named may be anything; a header that is `undefined` must be absent. */
export interface Expectation {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | readonly string[] | RegExp | undefined>>;
  /** The whole body. */
  readonly text?: string;
  /** The whole body as JSON; a RegExp stands for texts that it matches. */
  readonly json?: unknown;
  /** A part of the body as JSON. */
  readonly jsonHas?: unknown;
}

export interface Rule {
  readonly id: string;
  readonly interface: Interface;
  readonly given: Given;
  /** Calls that lead to the state that the rule is about. */
  readonly before: readonly Call[];
  readonly send: Call;
  readonly expect: Expectation;
  /** What the caller of the invoke gets, where that is the rule. */
  readonly caller?: Expectation;
  /** AWS's document and section, a recording with its date, or AWS's reference implementation. */
  readonly source: string;
  /** Of the emulator: what it answers is AWS's, is not on purpose, or nobody has said what AWS answers. */
  readonly status: 'agrees' | 'differs on purpose' | 'unverified';
  /** The reason of a status other than `agrees`. */
  readonly why?: string;
  /** The emulator keeps it only where environments have their own file system. */
  readonly needsNamespaces?: true;
  /** It leaves the environment unusable for the rules after it. */
  readonly endsEnvironment: boolean;
}

/** A rule as a table has it. */
export type Entry = Pick<Rule, 'send' | 'expect' | 'source'> & Partial<Rule>;

/** The rules of one table; the keys become the second half of the ids. */
export function rulesOf(
  name: Interface,
  given: Given,
  entries: Readonly<Record<string, Entry>>,
): Rule[] {
  const prefix = name.toLowerCase().replaceAll(/[ .]+/g, '-');
  return Object.entries(entries).map(([key, entry]) => ({
    id: `${prefix}/${key}`,
    interface: name,
    given,
    before: [],
    status: 'agrees',
    endsEnvironment: false,
    ...entry,
  }));
}
