import type { Bundler } from '../bundle/bundler.ts';
import type { LocalLambda, OnPayload } from '../lambda/local-lambda.ts';
import { startLocalLambda } from '../lambda/start-local-lambda.ts';
import type { Lambda, LambdaOptions } from '../lambda-types.ts';
import type { LocalAws } from '../local-aws/local-aws.ts';
import type { FunctionDefinition } from '../project/project.ts';
import type { FunctionEvent } from '../report/report-event.ts';
import { UnusableFunction } from './unusable-function.ts';

/** A function of a project that serves requests, if only with the reason why it cannot. */
export type RunningFunction = Lambda &
  Pick<LocalLambda, 'interrupt' | 'stopStarting' | 'environment' | 'environments'>;

/** What the command line adds to every function of a project. */
export interface RunOptions {
  readonly bundler: Bundler;
  readonly cpu: LambdaOptions['cpuCores'];
  /** Look for what functions leave unfinished. */
  readonly explain?: boolean;
  readonly onEvent: (event: FunctionEvent) => void;
  /** Called with the event and the response of each invoke. */
  readonly onPayload?: OnPayload | undefined;
  /** Where AWS's services are for the functions. Default: in AWS. */
  readonly localAws?: LocalAws | undefined;
}

export interface ServeOptions extends RunOptions {
  /** A function cannot be started; the others can. */
  readonly onUnusable: (error: Error) => void;
}

/** Starts one function of a project. Its environments start with the first request. */
export async function startFunction(
  definition: FunctionDefinition,
  { bundler, cpu, explain = false, onEvent, onPayload, localAws }: RunOptions,
): Promise<LocalLambda> {
  const {
    name,
    deployedName,
    environment,
    hasUrl: _,
    urlStreams: __,
    bundle: ___,
    ...options
  } = definition;
  // The folders are made meanwhile.
  const build = bundler.bundle(definition);
  return startLocalLambda(
    {
      ...options,
      name: deployedName,
      environment: localAws?.withLocalUrls(environment) ?? environment,
      ...(cpu !== undefined && { cpuCores: cpu }),
      trackUnfinished: explain,
      onEvent: (event) => onEvent({ functionName: name, ...event }),
    },
    // What happens is printed at once, and nobody asks for it again.
    { build, variables: localAws?.variablesFor(environment), history: 0, onPayload },
  );
}

/**
 * Starts a function, or what answers for it when it cannot start.
 *
 * @param before what it replaces: a reason that is known is not told again.
 */
export async function serveFunction(
  definition: FunctionDefinition,
  options: ServeOptions,
  before?: RunningFunction,
): Promise<RunningFunction> {
  try {
    return await startFunction(definition, options);
  } catch (error) {
    const known = before instanceof UnusableFunction ? before.reason.message : undefined;
    if (known !== (error as Error).message) options.onUnusable(error as Error);
    return new UnusableFunction(definition.deployedName, error as Error);
  }
}

/** Lets running invokes end, runs the SHUTDOWN phase of every environment, and removes what is left. */
export async function retireFunction(lambda: RunningFunction): Promise<void> {
  await lambda.shutdown('spindown');
  await lambda.close();
}
