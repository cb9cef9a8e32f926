import { relative } from 'node:path';
import type { Bundler } from '../bundle/bundler.ts';
import type { HttpServer } from '../http/server.ts';
import type { LocalAws } from '../local-aws/local-aws.ts';
import { hasTables, wantsLocalAws } from '../local-aws/wants-local-aws.ts';
import type { Project } from '../project/project.ts';
import { FileWatcher } from './file-watcher.ts';
import { formatError } from './format-error.ts';
import { KnownContents } from './known-contents.ts';
import type { ReadProject } from './open-project.ts';
import type { ServedProject } from './served-project.ts';
import type { Context } from './terminal.ts';
import { watchedPaths } from './watched-paths.ts';

interface Watched {
  readonly served: ServedProject;
  readonly bundler: Bundler;
  readonly localAws: LocalAws | undefined;
  /** Nothing is to be local. */
  readonly aws: boolean;
  readonly api: HttpServer;
  readonly read: ReadProject;
  readonly say: (line: string) => void;
  readonly context: Context;
}

/** Replaces the functions when a file changes; keeps them when the new version cannot start. */
export async function watchProject({
  served,
  bundler,
  localAws,
  aws,
  api,
  read,
  say,
  context,
}: Watched): Promise<FileWatcher> {
  const { terminal, cwd, stopping } = context;
  const contents = new KnownContents();
  const replace = async (project: Project, changed: readonly string[]) => {
    await served.replace(project, changed);
    api.replace(served.content);
    localAws?.replace(served.project);
    if (!localAws && !aws && wantsLocalAws(served.project)) {
      terminal.err(
        '! The project has queues or the like now: start dev again to have them locally.',
      );
    } else if (localAws && !localAws.hasTables && hasTables(served.project)) {
      terminal.err('! The project has tables now: start dev again to have them locally.');
    }
  };
  const reload = async (files: readonly string[]) => {
    const { app } = served.project;
    // An app may build its own sources, and so write what is watched.
    const changed = app ? contents.changed(files) : files;
    if (changed.length === 0) return;
    try {
      if (app) {
        // Code is new at once; what the app makes of it takes seconds.
        await replace(served.project, changed);
        await replace(await read(), []);
      } else {
        await replace(await read(), changed);
      }
      const broken = served.unusable.map((name) => `; ${name} cannot run until it is mended`);
      say(
        `${describeFiles(changed, cwd)} changed: new requests get the new code${broken.join('')}.`,
      );
      watcher.watch(watchedPaths(served.project, bundler));
    } catch (error) {
      // Ctrl-C has ended the app.
      if (stopping.aborted) return;
      terminal.err(formatError(error));
      terminal.err('The functions run on as they were.');
    }
  };
  const pending = new Set<string>();
  let reloaded = Promise.resolve();
  const watcher = await FileWatcher.start(watchedPaths(served.project, bundler), (changed) => {
    for (const file of changed) pending.add(file);
    reloaded = reloaded.then(() => {
      const files = [...pending];
      pending.clear();
      return files.length > 0 ? reload(files) : undefined;
    });
  });
  return watcher;
}

function describeFiles([first = '', ...more]: readonly string[], cwd: string): string {
  const name = relative(cwd, first);
  return more.length === 0 ? `${name} has` : `${name} and ${more.length} more have`;
}
