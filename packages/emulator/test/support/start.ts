import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished } from 'vitest';
import {
  type Isolation,
  type Lambda,
  type LambdaEvent,
  type LambdaOptions,
  type RuntimeName,
  startLambda,
} from '../../src/index.ts';
import { namespaceRefusal } from '../../src/sandbox/namespace-support.ts';

/** Long enough for a busy machine; a test that waits this long has failed. */
const LIMIT_MS = 20_000;

export const fixture = (path: string) =>
  fileURLToPath(new URL(`../fixtures/${path}`, import.meta.url));

/** From the packages of the end-to-end tests; where they are not installed, the emulator looks itself. */
function installed(major: number): string | undefined {
  const path = fileURLToPath(
    new URL(`../../../e2e/node_modules/node-${major}-linux-x64/bin/node`, import.meta.url),
  );
  return existsSync(path) ? path : undefined;
}

export const nodePaths: Record<RuntimeName, string | undefined> = {
  'nodejs22.x': installed(22),
  'nodejs24.x': undefined,
  'nodejs26.x': installed(26),
};

export const allRuntimes = Object.keys(nodePaths) as RuntimeName[];

const isWhole = process.env.TESTS === 'whole';

/** `nodejs26.x` has the runtime client of `nodejs24.x`. */
export const runtimes: RuntimeName[] = isWhole ? allRuntimes : ['nodejs22.x', 'nodejs24.x'];

/** For rules that have nothing to do with the runtime's version. */
export const oneRuntime: RuntimeName[] = isWhole ? allRuntimes : ['nodejs24.x'];

/** Whether environments have their own file system on this machine, and may run side by side. */
export const hasNamespaces = (await namespaceRefusal()) === undefined;

/** Those that this machine allows. */
export const isolations: Isolation[] = hasNamespaces ? ['namespace', 'hook'] : ['hook'];

/** What the log of every function begins with: without namespaces, what that means. */
export const firstLogs: unknown[] = hasNamespaces
  ? []
  : [
      expect.objectContaining({
        source: 'platform',
        line: expect.stringMatching(/^Environments /),
      }),
    ];

/** The path at which code sees its own file; without namespaces, the folder can be any. */
export const inTask = (path: string): unknown =>
  hasNamespaces ? `/var/task/${path}` : expect.stringMatching(new RegExp(`^/.*/${path}$`));

export interface TestLambda extends Lambda {
  /** Resolves with the first event, past or future, that the condition holds for. */
  until(condition: (event: LambdaEvent) => boolean): Promise<LambdaEvent>;
  /** Resolves with the first log line that matches, with its groups. */
  line(pattern: RegExp): Promise<RegExpExecArray>;
  /** Names of the events so far, without log lines. */
  story(): string[];
}

/** A function that ends with the test. Default: the handler of `functions/hello`. */
export async function start(options: Partial<LambdaOptions> = {}): Promise<TestLambda> {
  const listeners = new Set<(event: LambdaEvent) => void>();
  const nodePath = nodePaths[options.runtime ?? 'nodejs24.x'];
  const lambda = await startLambda({
    code: fixture('functions/hello'),
    handler: 'index.handler',
    timeoutMs: 10_000,
    ...(nodePath && { nodePath }),
    ...options,
    onEvent: (event) => {
      options.onEvent?.(event);
      for (const listener of listeners) listener(event);
    },
  });
  onTestFinished(() => lambda.close());

  const until: TestLambda['until'] = (condition) => {
    const past = lambda.timeline.find(condition);
    if (past) return Promise.resolve(past);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        listeners.delete(listener);
        reject(new Error(`It did not happen. What happened:\n${describe(lambda)}`));
      }, LIMIT_MS);
      const listener = (event: LambdaEvent) => {
        if (!condition(event)) return;
        clearTimeout(timer);
        listeners.delete(listener);
        resolve(event);
      };
      listeners.add(listener);
    });
  };
  const story = () =>
    lambda.timeline.filter(({ type }) => type !== 'log').map(({ type }) => type as string);
  const line: TestLambda['line'] = async (pattern) => {
    const event = await until((event) => event.type === 'log' && pattern.test(event.line));
    return pattern.exec((event as { line: string }).line) as RegExpExecArray;
  };
  return Object.assign(lambda, { until, line, story });
}

function describe(lambda: Lambda): string {
  return lambda.timeline
    .map((event) => JSON.stringify({ ...event, environmentId: undefined }))
    .join('\n');
}
