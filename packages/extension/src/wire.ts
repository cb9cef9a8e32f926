import { mkdirSync, writeFileSync } from 'node:fs';
import {
  cpuShare,
  deadlinePath,
  parseRing,
  pidOf,
  type Settings,
} from '@async-http/client/protocol';
import { ClientProcesses } from './client-processes.ts';
import { AskedOnce } from './delivery/asked-once.ts';
import { Deliveries } from './delivery/deliveries.ts';
import { openEngine } from './delivery/open-engine.ts';
import { Runs } from './delivery/runs.ts';
import { openDestination } from './destinations/open-destination.ts';
import {
  type Attempt,
  type AttemptResult,
  createHandlerProcess,
  type HandlerProcess,
  handlerEnvironment,
  LONGEST_EXPORT_MS,
  runtimeNodeArguments,
} from './handler-process/handler-process.ts';
import type { Hold } from './hold/hold.ts';
import { LatestReply } from './hold/latest-reply.ts';
import { Jobs } from './jobs/jobs.ts';
import { formatSubsegment, sendToXRay } from './jobs/x-ray.ts';
import type { Extension } from './lambda/extensions-api.ts';
import type { LogEntry } from './log/log-entry.ts';
import type { LogFiles } from './log/log-files.ts';
import { acceptHandOffs, refuseHandOffs } from './log/refusal.ts';
import { HoldMetrics } from './output/hold-metrics.ts';
import type { Log } from './output/log.ts';
import { openStatuses } from './status/open-statuses.ts';

/** Like Lambda's INIT phase, which has a whole core. */
const LOAD_TIMEOUT_MS = 10_000;
const LONGEST_LOAD_TIMEOUT_MS = 30_000;

/** After a function has said that it is done, its reply needs this long to be out, at the most. */
const REPLY_MS = 50;

interface Surroundings {
  readonly env: NodeJS.ProcessEnv;
  /** Folder of the layer's programs. */
  readonly programs: string;
  readonly extension: Extension;
  /** Where logs and answers are. */
  readonly folder: string;
  readonly settings: Settings;
  readonly hold: Hold;
  readonly logs: LogFiles;
  readonly log: Log;
  readonly write: (line: string | Buffer) => void;
}

/** Builds the parts that the settings ask for, and leads what is rung to them. */
export function wire({
  env,
  programs,
  extension,
  folder,
  settings,
  hold,
  logs,
  log,
  write,
}: Surroundings) {
  const handlerProcess = makeHandlerProcess();
  const engine = settings.engine && openEngine(settings.engine);
  engine?.preload(); // The first request waits for it.
  const destinations = {
    onSuccess: settings.onSuccess && openDestination(settings.onSuccess, { env }),
    onFailure: settings.onFailure && openDestination(settings.onFailure, { env }),
  };
  const metrics = settings.writesMetrics
    ? new HoldMetrics({ functionName: env.AWS_LAMBDA_FUNCTION_NAME ?? '', write })
    : undefined;
  const statuses = openStatuses({ env, hold, log });
  const shared = {
    handlerProcess,
    destinations,
    statuses,
    hold,
    onSettled: (...settled: Parameters<HoldMetrics['settled']>) => {
      metrics?.settled(...settled);
      if (!hold.freezes) metrics?.holdEnded(); // There, no hold ends.
    },
    log,
  };
  const jobs = new Jobs({ ...shared, policy: settings });
  const runs = new Runs(shared);
  const askedOnce = new AskedOnce();
  const deliveries = engine && new Deliveries({ ...shared, engine });
  const processes = new ClientProcesses();
  /** The process that runs the function, once it has said so. */
  let functionPid: number | undefined;
  const latestReply = new LatestReply();

  function accept(entry: LogEntry): void {
    switch (entry.head.kind) {
      case 'job':
        jobs.accept(entry);
        break;
      case 'run':
        if (!askedOnce.isRepeated(entry)) runs.accept(entry);
        break;
      case 'delivery':
        if (askedOnce.isRepeated(entry)) break;
        if (deliveries) deliveries.accept(entry);
        else {
          const message =
            'ASYNC_HTTP_DELIVERY is not set for the extension, so the job was not accepted.';
          const refusal = { code: 'ASYNC_HTTP_DELIVERY_FAILED', message };
          entry.answer(JSON.stringify({ status: 'refused', refusal }));
        }
        break;
      default:
        entry.head.kind satisfies never;
    }
  }

  /** Takes in what a client process has rung. */
  function heed(line: string): void {
    const ring = parseRing(line);
    switch (ring?.type) {
      case 'announce':
        processes.heard(pidOf(ring.instance));
        // The first one counts: what the function starts is not the function.
        if (ring.seesEnds) functionPid ??= pidOf(ring.instance);
        break;
      case 'job': {
        const entry = logs.find(ring);
        if (entry) accept(entry);
        else
          log.lastResort('a job was handed off, and its log cannot be read', { jobId: ring.jobId });
        break;
      }
      case 'lease':
        processes.heard(pidOf(ring.instance));
        hold.lease(ring.instance, ring.isOpen);
        if (ring.isOpen) writeDeadline();
        break;
      case 'end':
        onEnd(ring.requestId);
        break;
      case 'reload':
        handlerProcess
          .ready()
          .catch(() => {}) // It has been reported.
          .finally(hold.open());
        break;
      case undefined:
        heedUnknown(line);
        break;
      default:
        ring satisfies never;
    }
  }

  function heedUnknown(line: string): void {
    const version = /^A (\d+) /.exec(line)?.[1];
    if (version === undefined) {
      log.warn(
        `something that is not the async-http client writes to its FIFO: ${JSON.stringify(line.slice(0, 200))}`,
      );
      return;
    }
    const message = `The client speaks version ${version} of the async-http contract, which this layer does not, so the job was not accepted. Bring @async-http/client (and @async-http/proxy) and the async-http layer to the same release.`;
    log.error(message);
    refuseHandOffs(folder, { code: 'ASYNC_HTTP_VERSION_MISMATCH', message });
  }

  function onEnd(requestId: string, reportedAtMs?: number): void {
    metrics?.functionEnded();
    jobs.replied();
    latestReply.heard(requestId, reportedAtMs ?? Date.now());
    if (reportedAtMs === undefined) hold.end(requestId);
    else hold.endReported(requestId, reportedAtMs);
    // The clients take a while to load: not before the reply, and not only when they are needed.
    setTimeout(() => {
      if (!jobs.areRunning) return;
      preloadDestinations();
    }, REPLY_MS).unref();
  }

  /** Never rejects. @param untilMs when the environment must be released */
  async function exportTail(requestId: string, untilMs: number): Promise<void> {
    const now = Date.now();
    const repliedAtMs = latestReply.take(requestId, now);
    const limitMs = Math.min(LONGEST_EXPORT_MS, untilMs - now);
    if (repliedAtMs === undefined || limitMs <= 0) return;
    await handlerProcess.exportTail({ requestId, repliedAtMs, limitMs });
  }

  /** Never rejects. */
  async function preloadDestinations(): Promise<void> {
    await destinations.onSuccess?.preload();
    await destinations.onFailure?.preload();
  }

  /** For the client, which has no other way to know it. */
  function writeDeadline(): void {
    if (!hold.current) return;
    const { requestId, budget } = hold.current;
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      writeFileSync(deadlinePath(folder), `${requestId} ${budget.functionDeadlineMs}`, {
        mode: 0o600,
      });
    } catch {
      // A full /tmp: then the client names nothing before its deadline.
    }
  }

  function showInXRay(attempt: Attempt, result: AttemptResult, startedAtMs: number): void {
    if (attempt.xRayDaemon === undefined || handlerProcess.hasTracer) return;
    const name = settings.handler ?? '';
    const ended = { name, attempt, result, startedAtMs, endedAtMs: Date.now() };
    const document = formatSubsegment(ended);
    if (document) sendToXRay(document, attempt.xRayDaemon);
  }

  let isUnavailable = false;

  function becomeAvailable(): void {
    if (!isUnavailable) return;
    isUnavailable = false;
    acceptHandOffs(folder, 'ASYNC_HTTP_HANDLER_UNAVAILABLE');
  }

  /** While the handler cannot be loaded, every hand-off is refused with the reason. */
  function becomeUnavailable({ message }: Error): void {
    isUnavailable = true;
    refuseHandOffs(folder, {
      code: 'ASYNC_HTTP_HANDLER_UNAVAILABLE',
      message: `The background handler cannot run, so the job was not accepted: ${message}`,
    });
  }

  return {
    jobs,
    runs,
    deliveries,
    metrics,
    statuses,
    handlerProcess,
    accept,
    heed,
    onEnd,
    exportTail,
    preloadDestinations,
    processes,
    functionPid: () => functionPid,
  };

  function makeHandlerProcess(): HandlerProcess {
    const nodeMajor = Number.parseInt(process.versions.node, 10);
    const memoryMiB = Number(env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE ?? 128);
    const functionHandler = extension.handler;
    const environment = handlerEnvironment({ extensionEnv: env, functionHandler, nodeMajor });
    return createHandlerProcess({
      handler: settings.handler ?? '',
      hostProgram: `${programs}/handler-host.js`,
      environment,
      execArgv: runtimeNodeArguments({
        memoryMiB,
        nodeMajor,
        nodeOptions: environment.NODE_OPTIONS,
      }),
      cwd: env.LAMBDA_TASK_ROOT ?? '/var/task',
      loadTimeoutMs: Math.min(LOAD_TIMEOUT_MS / cpuShare(memoryMiB), LONGEST_LOAD_TIMEOUT_MS),
      log,
      onLoaded: becomeAvailable,
      onLoadFailed: becomeUnavailable,
      onEnded: showInXRay,
      write,
    });
  }
}

export type Parts = ReturnType<typeof wire>;
