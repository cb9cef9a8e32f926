import {
  checkFunction,
  type Defaults,
  type FunctionFacts,
  type FunctionRule,
} from '@async-http/client/check';
import type { Declarations } from '@async-http/emulator';
import type { CheckCode, Finding } from '../finding.ts';
import type { Subject } from './subject.ts';

type Tool = Declarations['tool'];

interface Advice {
  readonly code: CheckCode;
  readonly text: (tool: Tool) => string;
}

const property =
  (serverless: string, template: string, cdk: string) =>
  (tool: Tool): string =>
    ({ serverless, sam: template, cdk })[tool];

const timeoutOf = property('timeout', 'Timeout', 'timeout: Duration.seconds(60),');
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
        : `Set the time of both, e.g. ${timeoutOf(tool)}: 60; 900 at most.`,
  },
  memory: {
    code: 'ASYNC_HTTP_CHECK_MEMORY',
    text: (tool) => `Set ${memoryOf(tool)} to 256 or more.`,
  },
};

/** @see https://www.serverless.com/framework/docs/providers/aws/guide/functions */
const FRAMEWORK: Defaults = {
  whose: "Serverless Framework's",
  timeoutSeconds: 6,
  memoryMiB: 1024,
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
    ...(tool === 'serverless' && { defaults: FRAMEWORK }),
  };
  return [
    ...checkReferences(subject),
    ...checkMissingHandler(subject),
    ...checkFunction(withoutUnresolved(facts, subject)).map(({ rule, severity, text }): Finding => {
      const { code, text: advice } = ADVICE[rule];
      const meant = rule === 'variable' ? arnInsteadOf(text, subject) : advice(tool);
      return { code, severity, problem: `${text}.`, advice: meant };
    }),
    ...checkRuntime(subject),
  ];
}

/** A variable with a reference to nothing has a finding already. */
function withoutUnresolved(facts: FunctionFacts, { declaration }: Subject): FunctionFacts {
  const entries = Object.entries(facts.variables).filter(
    ([name]) => declaration.environment[name]?.undeclared.length === 0,
  );
  return { ...facts, variables: Object.fromEntries(entries) };
}

function checkReferences({ declaration, declarations: { isOpen } }: Subject): Finding[] {
  return Object.entries(declaration.environment)
    .filter(([name]) => isOurVariable(name))
    .flatMap(([name, { value, undeclared }]): Finding[] => {
      const [first] = undeclared;
      if (first !== undefined) {
        return [
          {
            code: 'ASYNC_HTTP_CHECK_REFERENCE',
            severity: isOpen ? 'warning' : 'error',
            problem: `${name} refers to ${first}, which the project does not declare, so the deployment would fail.`,
            advice: isOpen
              ? 'Correct the name, unless a plugin adds this resource.'
              : 'Correct the name, or declare the resource.',
          },
        ];
      }
      if (value !== undefined) return [];
      return [
        {
          code: 'ASYNC_HTTP_CHECK_UNKNOWN_VALUE',
          severity: 'note',
          problem: `The value of ${name} is known only at the deployment, so it was not checked.`,
          advice: '',
        },
      ];
    });
}

const isOurVariable = (name: string) => name === 'ASYNC_HANDLER' || name.startsWith('ASYNC_HTTP_');

function checkMissingHandler({ declaration, isProxy, isWorker, delivers }: Subject): Finding[] {
  const { environment } = declaration;
  if (environment.ASYNC_HANDLER !== undefined) return [];
  const advice =
    'Set ASYNC_HANDLER to the background handler: path/to/module.export, e.g. src/report.background.';
  if ((isProxy && !delivers) || isWorker) {
    return [
      {
        code: 'ASYNC_HTTP_CHECK_VARIABLE_MISSING',
        severity: 'error',
        problem: isWorker
          ? 'ASYNC_HANDLER is missing, so no job of the queue would run.'
          : 'ASYNC_HANDLER is missing, so every request would be answered with an error.',
        advice,
      },
    ];
  }
  const [other] = Object.keys(environment).filter((name) => /^ASYNC_HTTP_(?:ON_|MAX_)/.test(name));
  if (other === undefined || delivers) return [];
  return [
    {
      code: 'ASYNC_HTTP_CHECK_VARIABLE_MISSING',
      severity: 'warning',
      problem: `${other} is set, but ASYNC_HANDLER is not, so every hand-off would be refused.`,
      advice: `${advice} For waitUntil alone, remove ${other}.`,
    },
  ];
}

/** A reference to a queue is its URL, where the ARN is meant. */
function arnInsteadOf(text: string, { resources, variables }: Subject): string {
  const [name = ''] = text.split(' ');
  const value = variables[name] ?? '';
  const meant = resources.find(
    (resource) => value === resource.name || value.endsWith(`/${resource.name}`),
  );
  return meant !== undefined && !value.startsWith('arn:')
    ? `Refer to its ARN: !GetAtt ${meant.label}.Arn`
    : '';
}

/** Lambda needs one, and the tools' own defaults are others than ours. */
function checkRuntime({ declaration, declarations: { tool } }: Subject): Finding[] {
  if (declaration.isImage || declaration.runtime !== undefined) return [];
  return [
    {
      code: 'ASYNC_HTTP_CHECK_RUNTIME',
      severity: 'error',
      problem:
        'No runtime is set; the layer works on nodejs22.x and nodejs24.x only, so no job may run.',
      advice: `Set ${runtimeOf(tool)}.`,
    },
  ];
}
