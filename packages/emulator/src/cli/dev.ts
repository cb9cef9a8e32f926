import { once } from 'node:events';
import { relative, resolve } from 'node:path';
import { Bundler } from '../bundle/bundler.ts';
import { type HttpServer, startHttpServer } from '../http/server.ts';
import type { LocalAws } from '../local-aws/local-aws.ts';
import { wantsLocalAws } from '../local-aws/wants-local-aws.ts';
import type { Project } from '../project/project.ts';
import { findProjectFile, readProject } from '../project/read-project.ts';
import { renderOverview } from '../report/overview.ts';
import type { ReportEvent } from '../report/report-event.ts';
import { createTimeline } from '../report/timeline.ts';
import { withinMs } from '../within-ms.ts';
import type { DevArguments } from './arguments.ts';
import { FileWatcher } from './file-watcher.ts';
import { formatError } from './format-error.ts';
import { sampleRequest, sendSampleRequests } from './sample-requests.ts';
import { ServedProject } from './served-project.ts';
import type { Context } from './terminal.ts';
import { watchedPaths } from './watched-paths.ts';

/** How long running work may go on after Ctrl-C; the SHUTDOWN phase of 2 s comes on top. */
const STOP_GRACE_MS = 5000;
/** More than the SHUTDOWN phase of environments needs that end at the same time. */
const SHUTDOWN_LIMIT_MS = 5000;
/** For answers that are still on their way to clients when everything else has ended. */
const ANSWER_LIMIT_MS = 500;

/** Serves a project until `stopping` fires, then shuts every environment down. */
export async function dev(args: DevArguments, context: Context): Promise<number> {
  const { terminal, cwd, env, stopping } = context;
  const file = args.file === undefined ? findProjectFile(cwd) : resolve(cwd, args.file);
  const read = () => readProject(file, { env, ...(args.stage && { stage: args.stage }) });
  // With --json, standard output is for machines only.
  const say = (line: string) => (args.json ? terminal.err(line) : terminal.out(line));

  const project = read();
  const report = createReporter(project, args, context);
  const bundler = new Bundler((warning) => terminal.err(`! ${warning}`));
  const localAws = await startLocalAws(project, args, report, context);
  const closeThen = async (error: unknown): Promise<never> => {
    await localAws?.close();
    throw error;
  };
  const served = await ServedProject.start(project, {
    bundler,
    cpu: args.cpu,
    localAws,
    onEvent: report.onEvent,
    onUnusable: (error) => terminal.err(formatError(error)),
  }).catch(closeThen);
  if (!args.watch) await bundler.close();
  const api = await startApi(served, args, report.onEvent).catch(closeThen);
  localAws?.feed({ functions: () => served.content.functions, invokeUrl: api.url });
  const watcher = args.watch
    ? await watchProject({ served, bundler, localAws, aws: args.aws, api, read, say, context })
    : undefined;
  const { out: colors } = terminal.colors;
  for (const line of renderOverview(project, { url: api.url, awsUrl: localAws?.url, colors })) {
    say(line);
  }

  if (args.request) void sendToEachRoute(project, api, say, context);

  if (!stopping.aborted) await once(stopping, 'abort');
  say('Shutting down. Ctrl-C again to stop at once.');
  localAws?.stop();
  const drained = api.drain();
  await Promise.all([watcher?.close(), bundler.close()]);
  if (!(await served.retire(STOP_GRACE_MS))) {
    say(`Ending work that still runs after ${STOP_GRACE_MS / 1000} s.`);
    if (!(await served.interrupt(SHUTDOWN_LIMIT_MS))) {
      // What happens now is our doing, not the functions'.
      report.mute();
      await served.close();
    }
  }
  await withinMs(ANSWER_LIMIT_MS, drained);
  await Promise.all([api.close(), localAws?.close()]);
  return 0;
}

interface Reporter {
  readonly onEvent: (event: ReportEvent) => void;
  mute(): void;
}

function createReporter(
  { functions, unusable }: Project,
  { json, verbose }: DevArguments,
  { terminal }: Context,
): Reporter {
  const timeline = createTimeline({
    colors: terminal.colors.out,
    verbose,
    responses: false,
    functionNames: [...functions, ...unusable].map(({ name }) => name),
  });
  let isMuted = false;
  return {
    onEvent(event) {
      if (isMuted) return;
      for (const line of json ? [JSON.stringify(event)] : timeline(event)) terminal.out(line);
    },
    mute() {
      isMuted = true;
    },
  };
}

/** Loads nothing for a project that needs nothing of it. */
async function startLocalAws(
  project: Project,
  { aws }: DevArguments,
  { onEvent }: Reporter,
  { terminal }: Context,
): Promise<LocalAws | undefined> {
  if (aws || !wantsLocalAws(project)) return undefined;
  const { LocalAws } = await import('../local-aws/local-aws.ts');
  return LocalAws.start(project, {
    onEvent,
    onProblem: (problem) => terminal.err(`! ${problem}`),
  });
}

async function startApi(
  served: ServedProject,
  { port, host }: DevArguments,
  onEvent: (event: ReportEvent) => void,
): Promise<HttpServer> {
  try {
    return await startHttpServer({ ...served.content, port, host, onEvent });
  } catch (error) {
    await served.close();
    throw error;
  }
}

interface Watched {
  readonly served: ServedProject;
  readonly bundler: Bundler;
  readonly localAws: LocalAws | undefined;
  /** Nothing is to be local. */
  readonly aws: boolean;
  readonly api: HttpServer;
  readonly read: () => Project;
  readonly say: (line: string) => void;
  readonly context: Context;
}

/** Replaces the functions when a file changes; keeps them when the new version cannot start. */
async function watchProject({
  served,
  bundler,
  localAws,
  aws,
  api,
  read,
  say,
  context,
}: Watched): Promise<FileWatcher> {
  const { terminal, cwd } = context;
  const reload = async (changed: readonly string[]) => {
    try {
      await served.replace(read(), changed);
      api.replace(served.content);
      localAws?.replace(served.project);
      if (!localAws && !aws && wantsLocalAws(served.project)) {
        terminal.err(
          '! The project has queues or the like now: start dev again to have them locally.',
        );
      }
      const broken = served.unusable.map((name) => `; ${name} cannot run until it is mended`);
      say(
        `${describeFiles(changed, cwd)} changed: new requests get the new code${broken.join('')}.`,
      );
      watcher.watch(watchedPaths(served.project, bundler));
    } catch (error) {
      terminal.err(formatError(error));
      terminal.err('The functions run on as they were.');
    }
  };
  let reloaded = Promise.resolve();
  const watcher = await FileWatcher.start(watchedPaths(served.project, bundler), (changed) => {
    reloaded = reloaded.then(() => reload(changed));
  });
  return watcher;
}

function describeFiles([first = '', ...more]: readonly string[], cwd: string): string {
  const name = relative(cwd, first);
  return more.length === 0 ? `${name} has` : `${name} and ${more.length} more have`;
}

async function sendToEachRoute(
  { apis }: Project,
  api: HttpServer,
  say: (line: string) => void,
  { terminal, stopping }: Context,
): Promise<void> {
  say('Sending one request to each route:');
  const requests = apis.flatMap(({ routes, stage }) =>
    routes.filter(({ preflight }) => !preflight).map((route) => sampleRequest(route, stage)),
  );
  try {
    await sendSampleRequests(api.url, requests, stopping);
    if (!stopping.aborted) {
      say('Every route has answered. Background work may go on; more requests are welcome.');
    }
  } catch (error) {
    terminal.err(formatError(error));
  }
}
