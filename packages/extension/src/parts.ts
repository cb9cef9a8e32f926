import { readConfig } from './config.ts';
import { deliverToEngine } from './delivery/deliver-to-engine.ts';
import { openEngine } from './delivery/open-engine.ts';
import type { DestinationTarget } from './destinations/destination-target.ts';
import { openDestination } from './destinations/open-destination.ts';
import {
  createHandlerProcess,
  handlerEnvironment,
  runtimeNodeArguments,
} from './handler-process.ts';
import { HoldMetrics } from './hold-metrics.ts';
import type { Receiver } from './inbox.ts';
import type { Invocations } from './invocations.ts';
import { Jobs } from './jobs.ts';
import { Journal } from './journal.ts';
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
  readonly invocations: Invocations;
  readonly log: Log;
  readonly write: (line: string) => void;
}

/** Builds what the configuration asks for, and starts the handler process. */
export function createParts({
  env,
  programs,
  functionHandler,
  invocations,
  log,
  write,
}: Surroundings): {
  receiver: Receiver;
  jobs: Jobs;
  leases: Leases;
  metrics: HoldMetrics | undefined;
} {
  const config = readConfig(env);
  const { problems } = config;
  for (const problem of problems) log.error(`${problem}. Hand-offs are refused until then`);
  for (const name of config.unknownNames) {
    log.warn(`${name} is not a variable of async-http; is it a typo?`);
  }
  invocations.setMaxMargin(config.deadlineMarginMs);

  const engine = config.engine && openEngine(config.engine);
  // Here the client is part of the hand-off, so it is loaded while the runtime starts.
  engine?.preload();
  const handlerProcess =
    config.handler === undefined || engine ? undefined : startHandlerProcess(config.handler);
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
  const jobs = new Jobs({
    handlerProcess,
    problems,
    policy: config.retryPolicy,
    destinations,
    journal: new Journal({ log }),
    ledger,
    invocations,
    onSettled: (outcome, attempts) => metrics?.settled(outcome, attempts),
    log,
  });
  jobs.recover();
  const leases = new Leases(invocations);

  const receiver: Receiver = {
    accept: (handOff) =>
      engine
        ? deliverToEngine(handOff, { engine, problems, ledger, invocations })
        : jobs.accept(handOff),
    lease: (_, lost) => leases.take(lost),
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
  return { receiver, jobs, leases, metrics };

  function preload(): void {
    destinations.onSuccess?.preload();
    destinations.onFailure?.preload();
  }

  function startHandlerProcess(handler: string) {
    const nodeMajor = Number.parseInt(process.versions.node, 10);
    const environment = handlerEnvironment({ extensionEnv: env, functionHandler, nodeMajor });
    const handlerProcess = createHandlerProcess({
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
    });
    handlerProcess.start();
    return handlerProcess;
  }
}
