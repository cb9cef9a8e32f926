import { cpuShare, readSettings } from '../protocol/index.ts';

/** A setting before the deploy: undefined when nobody has set it, `unknown` when only the deployment knows it. */
type Setting<T> = T | 'unknown' | undefined;

/** What the tool that deploys takes for what is not set. */
export interface Defaults {
  /** Whose defaults they are, in the genitive: `Lambda's`. */
  readonly whose: string;
  readonly timeoutSeconds: number;
  readonly memoryMiB: number;
}

/** What is known of a function before it is deployed. */
export interface FunctionFacts {
  readonly isImage: boolean;
  readonly runtime?: Setting<string>;
  readonly timeoutSeconds?: Setting<number>;
  readonly memoryMiB?: Setting<number>;
  /** Jobs run in its own environment. */
  readonly runsJobs: boolean;
  readonly variables: Readonly<Record<string, string>>;
  /** Default: Lambda's own. */
  readonly defaults?: Defaults;
}

export type FunctionRule = 'variable' | 'image' | 'runtime' | 'timeout' | 'memory';

/** What is wrong and what it means, without a full stop. What to do depends on the tool, and is added by the caller. */
export interface FunctionFinding {
  readonly rule: FunctionRule;
  readonly severity: 'error' | 'warning';
  readonly text: string;
}

/** The last one is a preview on Lambda. */
const RUNTIMES = ['nodejs22.x', 'nodejs24.x', 'nodejs26.x'];

/** What Lambda itself takes for what is not set. @see Lambda, "Quotas", and CreateFunction */
export const LAMBDA_DEFAULTS: Defaults = { whose: "Lambda's", timeoutSeconds: 3, memoryMiB: 128 };

const MIN_TIMEOUT_SECONDS = 3;

/** @see Lambda, "Quotas": function timeout */
const MAX_TIMEOUT_SECONDS = 900;

/** Below, Node.js takes seconds of the tail to start. */
const USUAL_MEMORY_MIB = 256;

/** Everything that keeps jobs from running, or from running in time. */
export function checkFunction(facts: FunctionFacts): FunctionFinding[] {
  return [
    ...checkVariables(facts),
    ...checkPackage(facts),
    ...(facts.runsJobs ? [...checkTimeout(facts), ...checkMemory(facts)] : []),
  ];
}

function checkVariables({ variables }: FunctionFacts): FunctionFinding[] {
  const { problems, warnings } = readSettings(variables);
  return [
    ...problems.map(
      (problem): FunctionFinding => ({
        rule: 'variable',
        severity: 'error',
        text: `${problem}. Until this is corrected, the function would refuse every hand-off`,
      }),
    ),
    ...warnings.map((text): FunctionFinding => ({ rule: 'variable', severity: 'warning', text })),
  ];
}

function checkPackage({ isImage, runtime = 'unknown' }: FunctionFacts): FunctionFinding[] {
  if (isImage) {
    const text = 'The function is a container image, which takes no layers, so no job would run';
    return [{ rule: 'image', severity: 'error', text }];
  }
  if (runtime === 'unknown' || RUNTIMES.includes(runtime)) return [];
  const text = `The runtime is ${runtime}; the layer works on ${RUNTIMES.join(', ')} only, so no job would run`;
  return [{ rule: 'runtime', severity: 'error', text }];
}

/** The timeout covers request and background work, and a job is aborted before its end. */
function checkTimeout({
  timeoutSeconds,
  defaults = LAMBDA_DEFAULTS,
}: FunctionFacts): FunctionFinding[] {
  if (timeoutSeconds === 'unknown') return [];
  const seconds = timeoutSeconds ?? defaults.timeoutSeconds;
  if (seconds > MAX_TIMEOUT_SECONDS) {
    const text = `The timeout is ${seconds} s, and Lambda takes ${MAX_TIMEOUT_SECONDS} s at most, so the deployment would fail`;
    return [{ rule: 'timeout', severity: 'error', text }];
  }
  if (timeoutSeconds !== undefined && seconds >= MIN_TIMEOUT_SECONDS) return [];
  const timeout =
    timeoutSeconds === undefined
      ? `${defaults.whose} default of ${seconds} s, because none is set`
      : `${seconds} s`;
  return [
    {
      rule: 'timeout',
      severity: seconds > MIN_TIMEOUT_SECONDS ? 'warning' : 'error',
      text:
        `The timeout is ${timeout}. ` +
        'It covers the request and the background work after it, so jobs would be cut off',
    },
  ];
}

function checkMemory({ memoryMiB, defaults = LAMBDA_DEFAULTS }: FunctionFacts): FunctionFinding[] {
  const size = memoryMiB ?? defaults.memoryMiB;
  if (size === 'unknown' || size >= USUAL_MEMORY_MIB) return [];
  return [
    {
      rule: 'memory',
      severity: 'warning',
      text:
        `The function has ${size} MB and so ${Math.round(cpuShare(size) * 100)} % of a core. ` +
        'Background jobs take seconds to start there, which are billed',
    },
  ];
}
