import {
  checkFunction as checkAny,
  type FunctionFacts,
  type FunctionRule,
} from '@async-http/client/check';

export interface Finding {
  readonly code: `ASYNC_HTTP_CDK_${string}`;
  readonly severity: 'error' | 'warning';
  /** What is wrong, what it means, what to do. */
  readonly text: string;
}

interface Advice {
  readonly code: Finding['code'];
  /** What to do, in the words of the CDK; empty when the problem says it. */
  readonly text: string;
}

const ADVICE: Readonly<Record<FunctionRule, Advice>> = {
  variable: { code: 'ASYNC_HTTP_CDK_VARIABLE', text: '' },
  image: {
    code: 'ASYNC_HTTP_CDK_IMAGE',
    text: "Use a zip function, or copy the layer's files into the image (npx async-http-layer build --dir opt)",
  },
  runtime: { code: 'ASYNC_HTTP_CDK_RUNTIME', text: 'Use lambda.Runtime.NODEJS_24_X' },
  timeout: {
    code: 'ASYNC_HTTP_CDK_TIMEOUT',
    text: 'Set "timeout" to the time of both, e.g. Duration.seconds(60)',
  },
  memory: { code: 'ASYNC_HTTP_CDK_MEMORY', text: 'Set "memorySize" to 256 or more' },
};

/** Everything that keeps jobs from running, or from running in time. */
export function checkFunction(facts: FunctionFacts): Finding[] {
  return checkAny(facts).map(({ rule, severity, text }) => {
    const { code, text: advice } = ADVICE[rule];
    return { code, severity, text: advice === '' ? text : `${text}. ${advice}` };
  });
}
