import type { LambdaOptions } from '../lambda-types.ts';
import type { LocalLambda } from '../local-lambda.ts';
import type { FunctionDefinition } from '../project/project.ts';
import type { FunctionEvent } from '../report/report-event.ts';
import { startLocalLambda } from '../start-lambda.ts';

/** Functions that run, by their name in the project file. */
export type RunningFunctions = ReadonlyMap<string, LocalLambda>;

/** What the command line adds to every function of a project. */
export interface RunOptions {
  readonly cpu: LambdaOptions['cpuCores'];
  readonly onEvent: (event: FunctionEvent) => void;
}

/** Starts one function of a project. Its environments start with the first request. */
export function startFunction(
  { name, deployedName, hasUrl: _, ...options }: FunctionDefinition,
  { cpu, onEvent }: RunOptions,
): Promise<LocalLambda> {
  return startLocalLambda({
    ...options,
    name: deployedName,
    ...(cpu !== undefined && { cpuCores: cpu }),
    onEvent: (event) => onEvent({ functionName: name, ...event }),
  });
}

/** Starts all functions, or none: when one cannot start, those that did are closed. */
export async function startFunctions(
  definitions: readonly FunctionDefinition[],
  options: RunOptions,
): Promise<RunningFunctions> {
  const started = new Map<string, LocalLambda>();
  try {
    for (const definition of definitions) {
      started.set(definition.name, await startFunction(definition, options));
    }
  } catch (error) {
    await closeFunctions(started);
    throw error;
  }
  return started;
}

/** Lets running invokes end, runs the SHUTDOWN phase of every environment, and removes what is left. */
export async function retireFunctions(functions: RunningFunctions): Promise<void> {
  await Promise.all(
    [...functions.values()].map(async (lambda) => {
      await lambda.shutdown('spindown');
      await lambda.close();
    }),
  );
}

/** Starts no more environments. */
export function stopStarting(functions: RunningFunctions): void {
  for (const lambda of functions.values()) lambda.stopStarting();
}

/** Cuts running invokes off; each environment gets its SHUTDOWN phase. */
export function interruptFunctions(functions: RunningFunctions): void {
  for (const lambda of functions.values()) lambda.interrupt();
}

/** Ends every process at once. */
export async function closeFunctions(functions: RunningFunctions): Promise<void> {
  await Promise.all([...functions.values()].map((lambda) => lambda.close()));
}
