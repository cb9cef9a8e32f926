import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { describe, expect, it } from 'vitest';

const PACKAGES = join(import.meta.dirname, '../..');

/** The rooms of a package from top to bottom: a file imports from its own room and from those below it. */
const ROOMS: Record<string, readonly string[]> = {
  client: ['.', 'integrations', 'wait-until', 'hand-off', 'store', 'requests', 'check', 'protocol'],
  extension: [
    '.',
    'delivery',
    'jobs',
    'status',
    'hold',
    'log',
    'destinations',
    'records',
    'lambda',
    'bell',
    'handler-host',
    'handler-process',
    'output',
  ],
  emulator: [
    '.',
    'cli',
    'page-server',
    'recording',
    'report',
    'local-aws',
    'http',
    'lambda',
    'environment',
    'api',
    'parties',
    'telemetry',
    'sandbox',
    'layers',
    'project',
    'bundle',
  ],
};

/** Folders with programs that no room imports. */
const PROGRAMS = ['launcher', 'runtime'];

/** Files at the top of a package that its rooms may use. */
const SHARED: Record<string, readonly string[]> = {
  client: ['errors.ts', 'report.ts', 'shared.ts', 'thread-id.ts', 'is-thenable.ts'],
  extension: ['max-timer.ts'],
  emulator: [
    'environment-variables.ts',
    'errors.ts',
    'function-config.ts',
    'http-client.ts',
    'lambda-types.ts',
    'max-timer.ts',
    'node-program.ts',
    'node-version.ts',
    'page-file.ts',
    'parse-json.ts',
    'payload-limits.ts',
    'policy-pattern.ts',
    'runtime-command.ts',
    'runtime-folder.ts',
    'runtimes.ts',
    'within-ms.ts',
    'work-folder.ts',
  ],
};

/** Which packages of ours each package may name in its source. */
const NEIGHBOURS: Record<string, readonly string[]> = {
  client: [],
  proxy: ['client'],
  extension: ['client'],
  'layer-builder': ['client', 'extension', 'proxy'],
  cdk: ['client', 'layer-builder'],
  emulator: [],
  cli: ['client', 'emulator'],
  'create-async-http': [],
};

interface Import {
  readonly file: string;
  readonly target: string;
}

function sourceFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.[cm]?tsx?$/.test(name))
    .map((name) => join(folder, name));
}

function importsIn(folder: string): Import[] {
  return sourceFiles(folder).flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/(?:from|import\(?)\s*'([^']+)'/g)].map((found) => ({
      file,
      target: found[1] ?? '',
    })),
  );
}

function isIn(folder: string, path: string): boolean {
  return !relative(folder, path).startsWith('..');
}

function roomOf(src: string, file: string): string {
  const [first = '', ...rest] = relative(src, file).split(sep);
  return rest.length === 0 ? '.' : first;
}

describe.each(Object.entries(ROOMS))('the rooms of packages/%s', (name, rooms) => {
  const src = join(PACKAGES, name, 'src');

  it('are all in the list', () => {
    const folders = readdirSync(src, { withFileTypes: true }).filter((entry) =>
      entry.isDirectory(),
    );
    expect(folders.map((entry) => entry.name).filter((room) => !PROGRAMS.includes(room))).toEqual(
      expect.arrayContaining(rooms.filter((room) => room !== '.')),
    );
    expect(rooms).toEqual(
      expect.arrayContaining(
        folders.map((entry) => entry.name).filter((room) => !PROGRAMS.includes(room)),
      ),
    );
  });

  it('import downwards only', () => {
    const upwards = importsIn(src)
      .filter(({ target }) => target.startsWith('.'))
      .map(({ file, target }) => ({ file, target: resolve(dirname(file), target) }))
      .filter(({ target }) => !SHARED[name]?.includes(relative(src, target)))
      .filter(({ file, target }) => {
        const from = roomOf(src, file);
        return from !== '.' && rooms.indexOf(roomOf(src, target)) < rooms.indexOf(from);
      });
    expect(
      upwards.map(({ file, target }) => `${relative(src, file)} → ${relative(src, target)}`),
    ).toEqual([]);
  });
});

it.each(Object.entries(NEIGHBOURS))(
  'packages/%s names only %j of our packages',
  (name, allowed) => {
    const named = importsIn(join(PACKAGES, name, 'src'))
      .map(({ target }) => /^@async-http\/([^/]+)/.exec(target)?.[1])
      .filter((neighbour) => neighbour !== undefined && neighbour !== name);
    expect(allowed).toEqual(expect.arrayContaining([...new Set(named)]));
  },
);

it('neither the extension nor the client loads a module of Node.js that costs a function 2 ms or more', () => {
  const loading = ['extension', 'client']
    .flatMap((name) => sourceFiles(join(PACKAGES, name, 'src')))
    // The AWS SDK loads them anyway.
    .filter((file) => !isIn(join(PACKAGES, 'extension/src/destinations'), file))
    .filter((file) =>
      /^import (?!type )[^;]*'node:(?:crypto|dns|https?|http2|perf_hooks|tls|worker_threads|fs\/promises)'/m.test(
        readFileSync(file, 'utf8'),
      ),
    );
  expect(loading.map((file) => relative(PACKAGES, file))).toEqual([]);
});

it('no test reaches into another package', () => {
  const reaching = readdirSync(PACKAGES)
    .filter((name) => name !== 'bench')
    .flatMap((name) =>
      // Not the whole folder: what node_modules links to is large.
      ['src', 'test']
        .map((part) => join(PACKAGES, name, part))
        .filter((folder) => existsSync(folder))
        .flatMap(importsIn)
        .map((found) => ({ ...found, name })),
    )
    .filter(({ target }) => target.startsWith('.'))
    .map(({ file, target, name }) => ({ file, name, path: resolve(dirname(file), target) }))
    .filter(({ path, name }) => path.startsWith(PACKAGES) && !isIn(join(PACKAGES, name), path));
  expect(reaching.map(({ file, path }) => `${relative(PACKAGES, file)} → ${path}`)).toEqual([]);
});
