import { once } from 'node:events';
import { relative, resolve } from 'node:path';
import { startHttpApi } from '../http-api/server.ts';
import type { Project } from '../project/project.ts';
import { findProjectFile, readProject } from '../project/read-project.ts';
import { renderOverview } from '../report/overview.ts';
import type { ReportEvent } from '../report/report-event.ts';
import { createTimeline } from '../report/timeline.ts';
import type { DevArguments } from './arguments.ts';
import { formatError } from './format-error.ts';
import { closeFunctions, retireFunctions, startFunctions } from './functions.ts';
import { sampleRequest, sendSampleRequests } from './sample-requests.ts';
import type { Context } from './terminal.ts';
import { type FileWatcher, watchFiles } from './watch-files.ts';

/** Serves a project until `stopping` fires, then shuts every environment down. */
export async function dev(
  args: DevArguments,
  { terminal, cwd, env, stopping }: Context,
): Promise<number> {
  const file = args.file === undefined ? findProjectFile(cwd) : resolve(cwd, args.file);
  const read = () => readProject(file, { env, ...(args.stage && { stage: args.stage }) });
  const say = (line: string) => (args.json ? terminal.err(line) : terminal.out(line));

  let project = read();
  let render = timelineOf(project, args, terminal.colors.out);
  const onEvent = (event: ReportEvent) => {
    const lines = args.json ? [JSON.stringify(event)] : render(event);
    for (const line of lines) terminal.out(line);
  };
  let functions = await startFunctions(project.functions, onEvent);
  const retiring = new Set<Promise<void>>();
  const content = () => ({
    routes: project.routes,
    functions,
    functionUrls: project.functions.filter(({ hasUrl }) => hasUrl).map(({ name }) => name),
  });
  const { port, host } = args;
  const { stage } = project;
  const api = await startHttpApi({ ...content(), port, host, stage, onEvent }).catch(
    async (error) => {
      await closeFunctions(functions);
      throw error;
    },
  );
  const overview = () =>
    renderOverview(project, { url: api.url, colors: terminal.colors.out }).forEach(say);

  const reload = async (changed: string) => {
    try {
      const next = read();
      const started = await startFunctions(next.functions, onEvent);
      const retired = retireFunctions(functions).finally(() => retiring.delete(retired));
      retiring.add(retired);
      [project, functions] = [next, started];
      render = timelineOf(project, args, terminal.colors.out);
      api.replace(content());
      say(`${relative(cwd, changed)} has changed: new requests get the new code.`);
    } catch (error) {
      terminal.err(formatError(error));
      terminal.err('The functions run on as they were.');
    }
  };
  let watcher: FileWatcher | undefined;
  const watch = () => {
    watcher?.close();
    watcher = watchFiles(watchedPaths(project), (changed) => {
      void reload(changed).then(() => stopping.aborted || watch());
    });
  };

  overview();
  if (args.watch) watch();
  if (args.request) {
    say('Sending one request to each route:');
    const requests = project.routes.map((route) => sampleRequest(route, stage));
    void sendSampleRequests(api.url, requests, stopping).then(
      () =>
        stopping.aborted ||
        say('All routes have answered. Background work may go on; try them yourself.'),
      (error: unknown) => terminal.err(formatError(error)),
    );
  }
  if (!stopping.aborted) await once(stopping, 'abort');
  say('Shutting down; running work may end first. Ctrl-C again to stop at once.');
  watcher?.close();
  await api.close();
  await Promise.all([retireFunctions(functions), ...retiring]);
  return 0;
}

const timelineOf = (project: Project, { verbose }: DevArguments, colors: boolean) =>
  createTimeline({
    colors,
    verbose,
    responses: false,
    functionNames: project.functions.map(({ name }) => name),
  });

const watchedPaths = ({ files, functions }: Project): string[] => [
  ...new Set([...files, ...functions.flatMap(({ code, layers }) => [code, ...layers])]),
];
