import { checkFunction, type FunctionFacts, type FunctionRule } from '@async-http/client/check';
import type { Declarations } from '@async-http/emulator';
import type { CheckCode, Finding } from '../finding.ts';
import { defaultsOf } from './defaults.ts';
import type { Subject } from './subject.ts';
import { arnInsteadOf, checkMissingHandler, checkReferences } from './variables.ts';

type Tool = Declarations['tool'];

interface Advice {
  readonly code: CheckCode;
  readonly text: (tool: Tool) => string;
}

const property =
  (serverless: string, template: string, cdk: string) =>
  (tool: Tool): string =>
    ({ serverless, sam: template, cdk })[tool];

const memoryOf = property('memorySize', 'MemorySize', 'memorySize');
const runtimeOf = property(
  'runtime: nodejs24.x',
  'Runtime: nodejs24.x',
  'runtime: lambda.Runtime.NODEJS_24_X',
);

const ADVICE: Readonly<Record<FunctionRule, Advice>> = {
  variable: { code: 'ASYNC_HTTP_CHECK_VARIABLE', text: () => '' },
  image: {
    code: 'ASYNC_HTTP_CHECK_IMAGE',
    text: () =>
      "Use a zip function, or copy the layer's files into the image: npx async-http-layer build --dir opt",
  },
  runtime: { code: 'ASYNC_HTTP_CHECK_RUNTIME', text: (tool) => `Set ${runtimeOf(tool)}.` },
  timeout: {
    code: 'ASYNC_HTTP_CHECK_TIMEOUT',
    text: (tool) =>
      tool === 'cdk'
        ? 'Set the time of both, e.g. timeout: Duration.seconds(60); 15 minutes at most.'
        : `Set the time of both, e.g. ${tool === 'sam' ? 'Timeout' : 'timeout'}: 60; 900 at most.`,
  },
  memory: {
    code: 'ASYNC_HTTP_CHECK_MEMORY',
    text: (tool) => `Set ${memoryOf(tool)} to 256 or more.`,
  },
};

/** Variables, runtime, timeout, memory. */
export function checkSettings(subject: Subject): Finding[] {
  const { declaration, declarations, delivers } = subject;
  const { tool } = declarations;
  const facts: FunctionFacts = {
    isImage: declaration.isImage,
    runtime: declaration.runtime,
    timeoutSeconds: declaration.timeoutSeconds,
    memoryMiB: declaration.memoryMiB,
    runsJobs: !delivers,
    variables: subject.variables,
    defaults: defaultsOf(tool),
  };
  return [
    ...checkReferences(subject),
    ...checkMissingHandler(subject),
    ...checkFunction(facts).map(({ rule, severity, text }): Finding => {
      const { code, text: advice } = ADVICE[rule];
      const meant = rule === 'variable' ? arnInsteadOf(text, subject) : advice(tool);
      return { code, severity, problem: `${text}.`, advice: meant };
    }),
    ...checkRuntime(subject),
  ];
}

/** Lambda needs one, and the tools' own defaults are others than ours. */
function checkRuntime({ declaration, declarations: { tool } }: Subject): Finding[] {
  if (declaration.isImage || declaration.runtime !== undefined) return [];
  return [
    {
      code: 'ASYNC_HTTP_CHECK_RUNTIME',
      severity: 'error',
      problem:
        'No runtime is set; the layer works on nodejs22.x, nodejs24.x and nodejs26.x only, so no job may run.',
      advice: `Set ${runtimeOf(tool)}.`,
    },
  ];
}
