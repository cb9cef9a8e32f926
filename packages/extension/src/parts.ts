import { join } from 'node:path';
import { readConfig } from './config.ts';
import { deliverToEngine } from './delivery/deliver-to-engine.ts';
import { EngineRuns } from './delivery/engine-runs.ts';
import { openEngine } from './delivery/open-engine.ts';
import type { DestinationTarget } from './destinations/destination-target.ts';
import { openDestination } from './destinations/open-destination.ts';
import {
  createHandlerProcess,
  handlerEnvironment,
  runtimeNodeArguments,
} from './handler-process/handler-process.ts';
import { HoldMetrics } from './hold-metrics.ts';
import type { Receiver } from './inbox.ts';
import type { Invocations } from './invocations.ts';
import { Jobs } from './jobs.ts';
import { Journal } from './journal.ts';
import { CONSUMER_HANDLER, LAYER_HANDLERS } from './layer-handlers.ts';
import { Leases } from './leases.ts';
import { Ledger } from './ledger.ts';
import type { Log } from './log.ts';

/** Like Lambda's INIT phase. */
const LOAD_TIMEOUT_MS = 10_000;

/** After a function has said that it is done, its reply needs this long to be out, at the most. */
const REPLY_MS = 50;

interface Surroundings {
  readonly env: NodeJS.ProcessEnv;
  /** Folder of the layer's programs. */
  readonly programs: string;
  readonly functionHandler: string;
  readonly stateFolder: string;
  readonly invocations: Invocations;
  readonly log: Log;
  readonly write: (line: string) => void;
}

/** Builds what the configuration asks for, and starts the handler process where jobs run. */
export function createParts({
  env,
  programs,
  functionHandler,
  stateFolder,
  invocations,
  log,
  write,
}: Surroundings): {
  receiver: Receiver;
  jobs: Jobs;
  runs: EngineRuns;
  leases: Leases;
  metrics: HoldMetrics | undefined;
} {
  const config = readConfig(env);
  const { missingHandler } = config;
  const problems = missingHandler ? [missingHandler, ...config.problems] : config.problems;
  const reported = new Set<string>();
  const report = (problem: string) => {
    if (!reported.has(problem)) log.error(`${problem}. Hand-offs are refused until then`);
    reported.add(problem);
  };
  config.problems.forEach(report);
  // A function that only uses `waitUntil` misses no handler, until it hands something off.
  if (missingHandler && LAYER_HANDLERS.includes(functionHandler)) report(missingHandler);
  for (const name of config.unknownNames) {
    log.warn(`${name} is not a variable of async-http; is it a typo?`);
  }
  invocations.setMaxMargin(config.deadlineMarginMs);

  const engine = config.engine && openEngine(config.engine);
  const handlerProcess =
    config.handler === undefined ? undefined : makeHandlerProcess(config.handler);
  // A consumer often has the same variables as the function that hands off, and yet runs jobs here.
  const runsHere = !engine || functionHandler === CONSUMER_HANDLER;
  // What the first request waits for is loaded while the runtime starts.
  if (runsHere) handlerProcess?.start();
  else engine.preload();
  const destination = (target: DestinationTarget | undefined) =>
    target && openDestination(target, { env });
  const destinations = {
    onSuccess: destination(config.onSuccess),
    onFailure: destination(config.onFailure),
  };
  const metrics = config.writesMetrics
    ? new HoldMetrics({ functionName: env.AWS_LAMBDA_FUNCTION_NAME ?? '', write })
    : undefined;
  const ledger = new Ledger();
  const shared: ConstructorParameters<typeof EngineRuns>[0] = {
    handlerProcess,
    problems,
    destinations,
    invocations,
    onSettled: (outcome, attempts) => metrics?.settled(outcome, attempts),
    log,
  };
  const jobs = new Jobs({
    ...shared,
    policy: config.retryPolicy,
    journal: new Journal({ folder: join(stateFolder, 'journal'), log }),
    ledger,
  });
  jobs.recover();
  const runs = new EngineRuns(shared);
  const leases = new Leases(invocations);

  const receiver: Receiver = {
    accept(handOff) {
      problems.forEach(report);
      return engine
        ? deliverToEngine(handOff, { engine, problems, ledger, invocations })
        : jobs.accept(handOff);
    },
    run: (request) => runs.run(request),
    lease: (lost) => leases.take(lost),
    end(requestId) {
      metrics?.functionEnded();
      invocations.end(requestId);
      // The clients take a while to load: not before the reply, and not only when they are needed. A job
      // that came with this end starts a moment later, so whether any runs is asked then.
      setTimeout(() => {
        if (jobs.areRunning) preload();
      }, REPLY_MS).unref();
    },
    // SHUTDOWN comes only as the answer to `next`, so ask for it.
    clientGone: () => invocations.release(),
  };
  return { receiver, jobs, runs, leases, metrics };

  function preload(): void {
    destinations.onSuccess?.preload();
    destinations.onFailure?.preload();
  }

  function makeHandlerProcess(handler: string) {
    const nodeMajor = Number.parseInt(process.versions.node, 10);
    const environment = handlerEnvironment({ extensionEnv: env, functionHandler, nodeMajor });
    return createHandlerProcess({
      handler,
      hostProgram: `${programs}/handler-host.js`,
      environment,
      execArgv: runtimeNodeArguments({
        memoryMiB: Number(env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE ?? 128),
        nodeMajor,
        nodeOptions: environment.NODE_OPTIONS,
      }),
      cwd: env.LAMBDA_TASK_ROOT ?? '/var/task',
      loadTimeoutMs: LOAD_TIMEOUT_MS,
      log,
      write: (lines) => write(lines.toString()),
    });
  }
}
