import { cpuShare, readSettings } from '@async-http/client/protocol';

/** What a function is at the end of the synthesis. Absent is what only the deployment knows, or nobody has set. */
export interface FunctionFacts {
  readonly isImage: boolean;
  readonly runtime?: string | undefined;
  readonly timeoutSeconds?: number | undefined;
  readonly memoryMiB?: number | undefined;
  /** Jobs run in its own environment. */
  readonly runsJobs: boolean;
  readonly variables: Readonly<Record<string, string>>;
}

export interface Finding {
  readonly code: `ASYNC_HTTP_CDK_${string}`;
  readonly severity: 'error' | 'warning';
  /** What is wrong, what it means, what to do. */
  readonly text: string;
}

const RUNTIMES = ['nodejs22.x', 'nodejs24.x'];

// Lambda's own defaults.
const DEFAULT_TIMEOUT_SECONDS = 3;
const DEFAULT_MEMORY_MIB = 128;

/** Below, Node.js takes seconds of the tail to start. */
const USUAL_MEMORY_MIB = 256;

/** Everything that keeps jobs from running, or from running in time. */
export function checkFunction(facts: FunctionFacts): Finding[] {
  const { problems, warnings } = readSettings(facts.variables);
  return [
    ...problems.map(
      (problem): Finding => ({
        code: 'ASYNC_HTTP_CDK_VARIABLE',
        severity: 'error',
        text: `${problem}. Until this is corrected, the function would refuse every hand-off`,
      }),
    ),
    ...warnings.map(
      (text): Finding => ({ code: 'ASYNC_HTTP_CDK_VARIABLE', severity: 'warning', text }),
    ),
    ...checkPackage(facts),
    ...(facts.runsJobs ? checkRoom(facts) : []),
  ];
}

function checkPackage({ isImage, runtime }: FunctionFacts): Finding[] {
  if (isImage) {
    return [
      {
        code: 'ASYNC_HTTP_CDK_IMAGE',
        severity: 'error',
        text:
          'The function is a container image, which takes no layers, so no job would run. ' +
          "Use a zip function, or copy the layer's files into the image (npx async-http-layer build --dir opt)",
      },
    ];
  }
  if (runtime === undefined || RUNTIMES.includes(runtime)) return [];
  return [
    {
      code: 'ASYNC_HTTP_CDK_RUNTIME',
      severity: 'error',
      text:
        `The runtime is ${runtime}; the layer works on ${RUNTIMES.join(' and ')} only, so no job would run. ` +
        'Use lambda.Runtime.NODEJS_24_X',
    },
  ];
}

/** The timeout covers request and background work, and a job is aborted before its end. */
function checkRoom({ timeoutSeconds, memoryMiB = DEFAULT_MEMORY_MIB }: FunctionFacts): Finding[] {
  const findings: Finding[] = [];
  if (timeoutSeconds === undefined || timeoutSeconds < DEFAULT_TIMEOUT_SECONDS) {
    const timeout =
      timeoutSeconds === undefined
        ? `Lambda's default of ${DEFAULT_TIMEOUT_SECONDS} s, because none is set`
        : `${timeoutSeconds} s`;
    findings.push({
      code: 'ASYNC_HTTP_CDK_TIMEOUT',
      severity: 'error',
      text:
        `The timeout is ${timeout}. It covers the request and the background work after it, so jobs would be cut off. ` +
        'Set "timeout" to the time of both, e.g. Duration.seconds(60)',
    });
  }
  if (memoryMiB < USUAL_MEMORY_MIB) {
    findings.push({
      code: 'ASYNC_HTTP_CDK_MEMORY',
      severity: 'warning',
      text:
        `The function has ${memoryMiB} MB and so ${Math.round(cpuShare(memoryMiB) * 100)} % of a core. ` +
        'Background jobs take seconds to start there, which are billed. ' +
        `Set "memorySize" to ${USUAL_MEMORY_MIB} or more`,
    });
  }
  return findings;
}
