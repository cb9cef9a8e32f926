import { once } from 'node:events';
import { Bundler } from '../bundle/bundler.ts';
import { type HttpServer, startHttpServer } from '../http/server.ts';
import type { Project } from '../project/project.ts';
import { renderOverview } from '../report/overview.ts';
import type { ReportEvent } from '../report/report-event.ts';
import { withinMs } from '../within-ms.ts';
import type { DevArguments } from './arguments.ts';
import { DevRecording } from './dev-recording.ts';
import { formatError } from './format-error.ts';
import { startLocalAws } from './local-aws.ts';
import { openProject } from './open-project.ts';
import { createPrinter } from './printer.ts';
import { sampleRequests, sendSampleRequests } from './sample-requests.ts';
import { ServedProject } from './served-project.ts';
import type { Context } from './terminal.ts';
import { watchProject } from './watch-project.ts';

/** How long running work may continue after Ctrl-C; the SHUTDOWN phase of 2 s comes on top. */
const STOP_GRACE_MS = 5000;
/** More than the SHUTDOWN phase of environments needs that end at the same time. */
const SHUTDOWN_LIMIT_MS = 5000;
/** For answers that are still on their way to clients when everything else has ended. */
const ANSWER_LIMIT_MS = 500;

/** Serves a project until `stopping` fires, then shuts every environment down. */
export async function dev(args: DevArguments, context: Context): Promise<number> {
  const { terminal, stopping } = context;
  // With --json, standard output is for machines only.
  const say = (line: string) => (args.json ? terminal.err(line) : terminal.out(line));

  const read = openProject(args, context, say);
  const project = await read().catch((error: unknown) => {
    // Ctrl-C while an app was synthesized.
    if (stopping.aborted) return undefined;
    throw error;
  });
  if (!project) return 0;
  const { functions, unusable } = project;
  const print = createPrinter(
    {
      ...args,
      colors: terminal.colors.out,
      responses: false,
      functionNames: [...functions, ...unusable].map(({ name }) => name),
    },
    terminal.out,
  );
  const recording = await DevRecording.start(args, context, print);
  let isMuted = false;
  const onEvent = (event: ReportEvent) => {
    if (!isMuted) recording.recorder.add(event);
  };
  const bundler = new Bundler((warning) => terminal.err(`! ${warning}`));
  const localAws = await startLocalAws(project, { aws: args.aws, onEvent }, context);
  const closeThen = async (error: unknown): Promise<never> => {
    await localAws?.close();
    throw error;
  };
  const served = await ServedProject.start(project, {
    bundler,
    cpu: args.cpu,
    explain: args.explain,
    localAws,
    onEvent,
    onPayload: (...payload) => recording.recorder.addPayload(...payload),
    onUnusable: (error) => terminal.err(formatError(error)),
  }).catch(closeThen);
  if (!args.watch) await bundler.close();
  const api = await startApi(served, args, onEvent).catch(closeThen);
  localAws?.feed({ functions: () => served.content.functions, invokeUrl: api.url });
  const timelineUrl = await recording
    .serve({ served, localAws, url: api.url })
    .catch(async (error) => {
      await Promise.all([api.close(), served.close()]);
      return closeThen(error);
    });
  const watcher = args.watch
    ? await watchProject({ served, bundler, localAws, aws: args.aws, api, read, say, context })
    : undefined;
  const { out: colors } = terminal.colors;
  const urls = { url: api.url, awsUrl: localAws?.url, timelineUrl };
  for (const line of renderOverview(project, { ...urls, colors })) say(line);

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
      isMuted = true;
      await served.close();
    }
  }
  await withinMs(ANSWER_LIMIT_MS, drained);
  await Promise.all([api.close(), localAws?.close()]);
  await recording.close();
  return 0;
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

async function sendToEachRoute(
  project: Project,
  api: HttpServer,
  say: (line: string) => void,
  { terminal, stopping }: Context,
): Promise<void> {
  const requests = sampleRequests(project);
  if (requests.length === 0) {
    say('There is no route to send a request to. Run a function with: invoke FUNCTION');
    return;
  }
  say('Sending one request to each route:');
  try {
    await sendSampleRequests(api.url, requests, stopping);
    if (!stopping.aborted) {
      say(
        'Every route has answered. Background work may continue; send more requests if you like.',
      );
    }
  } catch (error) {
    terminal.err(formatError(error));
  }
}
