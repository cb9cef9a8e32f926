import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { CodeMissingError, OptionInvalidError } from './errors.ts';
import type { LambdaOptions, Layer, RuntimeName } from './lambda-types.ts';
import { DEFAULT_RUNTIME, RUNTIMES } from './runtimes.ts';

/** `LambdaOptions` with defaults applied and paths absolute. */
export interface FunctionConfig {
  readonly name: string;
  readonly arn: string;
  readonly accountId: string;
  readonly region: string;
  readonly version: '$LATEST';
  readonly codeFolder: string;
  /** What paths of its source files are relative to when people read them. */
  readonly projectFolder: string;
  readonly handler: string;
  readonly inlineCode: string | undefined;
  readonly runtime: RuntimeName;
  readonly layers: readonly Layer[];
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly memoryMiB: number;
  /** Undefined: no limit. */
  readonly cpuCores: number | undefined;
  readonly maxConcurrency: number;
  readonly idleTimeoutMs: number | undefined;
  readonly isManagedInstances: boolean;
  /** Log lines, the platform's included, are JSON objects. */
  readonly isJsonLog: boolean;
  readonly trackUnfinished: boolean;
}

/** Developer Guide, "Configure Lambda function memory": at this size a function has one vCPU. */
const MIB_PER_CORE = 1_769;
/** The kernel hands out at least 1 ms of each 20. */
export const MIN_CPU_CORES = 0.05;
const ACCOUNT_ID = '123456789012';

/** Names that Lambda refuses in a function's configuration (Developer Guide, "Defined runtime environment variables"). */
const RESERVED_VARIABLES = new Set([
  '_HANDLER',
  '_X_AMZN_TRACE_ID',
  'AWS_DEFAULT_REGION',
  'AWS_REGION',
  'AWS_EXECUTION_ENV',
  'AWS_LAMBDA_FUNCTION_NAME',
  'AWS_LAMBDA_FUNCTION_MEMORY_SIZE',
  'AWS_LAMBDA_FUNCTION_VERSION',
  'AWS_LAMBDA_INITIALIZATION_TYPE',
  'AWS_LAMBDA_LOG_GROUP_NAME',
  'AWS_LAMBDA_LOG_STREAM_NAME',
  'AWS_ACCESS_KEY',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_LAMBDA_RUNTIME_API',
  'LAMBDA_TASK_ROOT',
  'LAMBDA_RUNTIME_DIR',
  'AWS_LAMBDA_MAX_CONCURRENCY',
  'AWS_LAMBDA_METADATA_API',
  'AWS_LAMBDA_METADATA_TOKEN',
]);

/**
 * Checks the options as Lambda checks a function's configuration.
 *
 * @throws codes `ASYNC_HTTP_EMULATOR_OPTION_INVALID`, `ASYNC_HTTP_EMULATOR_CODE_MISSING`.
 */
export async function readFunctionConfig(
  options: LambdaOptions,
  region: string,
): Promise<FunctionConfig> {
  const problems = findProblems(options);
  if (problems.length > 0) throw new OptionInvalidError(problems);
  const codeFolder = resolve(options.code);
  const code = await stat(codeFolder).catch(() => undefined);
  if (!code?.isDirectory() && !(code && isZip(codeFolder))) throw new CodeMissingError(codeFolder);

  const { name, runtime, timeoutMs, memoryMiB, isManagedInstances = false } = withDefaults(options);
  return {
    name,
    arn: `arn:aws:lambda:${region}:${ACCOUNT_ID}:function:${name}`,
    accountId: ACCOUNT_ID,
    region,
    version: '$LATEST',
    codeFolder,
    projectFolder: options.bundle?.folder ?? codeFolder,
    handler: options.handler,
    inlineCode: options.inlineCode,
    runtime,
    layers: (options.layers ?? []).map((layer) =>
      typeof layer === 'string' ? resolve(layer) : { ...layer, folder: resolve(layer.folder) },
    ),
    environment: options.environment ?? {},
    timeoutMs,
    memoryMiB,
    cpuCores: options.cpuCores === 'as-lambda' ? memoryMiB / MIB_PER_CORE : options.cpuCores,
    maxConcurrency: options.maxConcurrency ?? (isManagedInstances ? 64 : 1_000),
    idleTimeoutMs: options.idleTimeoutMs,
    isManagedInstances,
    trackUnfinished: options.trackUnfinished ?? false,
    isJsonLog:
      isManagedInstances || options.environment?.AWS_LAMBDA_LOG_FORMAT?.toUpperCase() === 'JSON',
  };
}

/** What a function is called and gets when its options do not say so. */
export function withDefaults(
  options: Pick<
    LambdaOptions,
    'name' | 'runtime' | 'timeoutMs' | 'memoryMiB' | 'initializationType'
  >,
): Pick<FunctionConfig, 'name' | 'runtime' | 'timeoutMs' | 'memoryMiB'> & {
  readonly isManagedInstances?: true;
} {
  const { name = 'function', runtime = DEFAULT_RUNTIME, timeoutMs = 3_000 } = options;
  const isManagedInstances = options.initializationType === 'lambda-managed-instances';
  const memoryMiB = options.memoryMiB ?? (isManagedInstances ? 2_048 : 128);
  return {
    ...{ name, runtime, timeoutMs, memoryMiB },
    ...(isManagedInstances && { isManagedInstances }),
  };
}

/** Whether the code is a deployment package, not a folder. */
export const isZip = (code: string): boolean => code.endsWith('.zip');

function findProblems(options: LambdaOptions): string[] {
  const problems: string[] = [];
  const check = (isValid: boolean, problem: string) => {
    if (!isValid) problems.push(problem);
  };
  const isWithin = (value: number | undefined, min: number, max: number) =>
    value === undefined || (Number.isInteger(value) && value >= min && value <= max);

  check(typeof options.code === 'string' && options.code !== '', '`code` must name a folder');
  check(
    typeof options.handler === 'string' && options.handler !== '',
    '`handler` must look like "path/to/module.export"',
  );
  check(
    options.runtime === undefined || RUNTIMES.includes(options.runtime),
    `\`runtime\` must be one of ${RUNTIMES.join(', ')}`,
  );
  check((options.layers?.length ?? 0) <= 5, '`layers` may name at most 5 layers');
  check(isWithin(options.timeoutMs, 1, 900_000), '`timeoutMs` must be from 1 to 900000');
  check(isWithin(options.memoryMiB, 128, 32_768), '`memoryMiB` must be from 128 to 32768');
  check(
    isCpuLimit(options.cpuCores),
    `\`cpuCores\` must be at least ${MIN_CPU_CORES}, or "as-lambda"`,
  );
  check(isWithin(options.maxConcurrency, 0, 100_000), '`maxConcurrency` must be 0 or more');
  check(
    isWithin(options.idleTimeoutMs, 0, 2 ** 31 - 1),
    '`idleTimeoutMs` must be a number of milliseconds',
  );
  check(
    options.name === undefined || /^[\w-]{1,64}$/.test(options.name),
    '`name` must be 1 to 64 letters, digits, "-" or "_"',
  );
  problems.push(...findVariableProblems(options.environment ?? {}));
  return problems;
}

function isCpuLimit(cores: LambdaOptions['cpuCores']): boolean {
  if (cores === undefined || cores === 'as-lambda') return true;
  return Number.isFinite(cores) && cores >= MIN_CPU_CORES;
}

/** Developer Guide, "Working with environment variables": names, and 4 KB for all of them. */
function findVariableProblems(environment: Readonly<Record<string, string>>): string[] {
  const problems: string[] = [];
  for (const [name, value] of Object.entries(environment)) {
    if (RESERVED_VARIABLES.has(name)) {
      problems.push(`the environment variable ${name} is reserved, Lambda sets it`);
    } else if (!/^[A-Za-z]\w+$/.test(name)) {
      problems.push(
        `the environment variable "${name}" must start with a letter and consist of at least two letters, digits or "_"`,
      );
    } else if (typeof value !== 'string') {
      problems.push(`the environment variable ${name} must be a string`);
    } else if (value.includes('\0')) {
      problems.push(`the environment variable ${name} must not contain a NUL character`);
    }
  }
  if (Buffer.byteLength(JSON.stringify(environment)) > 4_096) {
    problems.push('the environment variables together must not exceed 4 KB');
  }
  return problems;
}
