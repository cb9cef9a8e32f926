import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folder } from '../support/layer.ts';
import { hasNamespaces, start } from '../support/start.ts';
import { type ZipEntry, zip } from '../support/zip.ts';

const parse = ({ payload }: { payload: Buffer }) => JSON.parse(payload.toString());

/** A handler that tells mode, link target and content of what it is asked for in /opt. */
const inspector = () =>
  folder({
    'index.mjs': `
      import { lstatSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
      const inspect = (path) => {
        const stat = lstatSync(path);
        return {
          mode: (stat.mode & 0o777).toString(8),
          ...(stat.isSymbolicLink() && { link: readlinkSync(path) }),
          ...(stat.isFile() && { content: readFileSync(path, 'utf8') }),
        };
      };
      const attempt = (path) => {
        try { writeFileSync(path, ''); return 'written'; } catch (error) { return error.code; }
      };
      export const handler = async ({ paths = [], write = [] }) => ({
        found: Object.fromEntries(paths.map((path) => [path, inspect(path)])),
        written: write.map(attempt),
      });`,
  });

async function zipFile(entries: ZipEntry[]): Promise<string> {
  const path = join(await folder({}), 'layer.zip');
  await writeFile(path, zip(entries));
  return path;
}

describe('Layers', () => {
  it.runIf(hasNamespaces)(
    'where environments have their own file system, a zip file becomes /opt with the Unix modes and links that it carries',
    async () => {
      const layer = await zipFile([
        { name: 'bin/', mode: 0o40755 },
        { name: 'bin/tool', mode: 0o100755, content: 'tool' },
        { name: 'bin/link', mode: 0o120777, content: 'tool' },
        { name: 'data.json', mode: 0o100640, content: '{}' },
      ]);
      const lambda = await start({ code: await inspector(), layers: [layer] });
      const paths = ['/opt', '/opt/bin', '/opt/bin/tool', '/opt/bin/link', '/opt/data.json'];

      expect(parse(await lambda.invoke({ paths })).found).toEqual({
        '/opt': { mode: '755' },
        '/opt/bin': { mode: '755' },
        '/opt/bin/tool': { mode: '755', content: 'tool' },
        '/opt/bin/link': { mode: '777', link: 'tool' },
        '/opt/data.json': { mode: '640', content: '{}' },
      });
    },
  );

  it('a zip file without Unix modes loses the execute bit: Extension.LaunchError', async () => {
    const layer = await zipFile([{ name: 'extensions/first', content: '#!/bin/sh\n' }]);
    const lambda = await start({ layers: [layer] });

    const { payload } = await lambda.invoke({});

    expect(payload.toString()).toContain('first: PermissionDenied');
  });

  it.runIf(hasNamespaces)(
    'are merged in order, where environments have their own file system: the later one wins',
    async () => {
      const first = await folder({ 'a.txt': 'first', 'same.txt': 'first' });
      const second = await zipFile([{ name: 'same.txt', mode: 0o100644, content: 'second' }]);
      const third = await folder({ 'b.txt': 'third' });
      const lambda = await start({ code: await inspector(), layers: [first, second, third] });
      const paths = ['/opt/a.txt', '/opt/same.txt', '/opt/b.txt'];

      const { found } = parse(await lambda.invoke({ paths }));

      expect(paths.map((path) => found[path].content)).toEqual(['first', 'second', 'third']);
    },
  );

  it.runIf(hasNamespaces)(
    'where environments have their own file system, /opt and /var/task cannot be written to, /tmp can',
    async () => {
      const lambda = await start({ code: await inspector() });
      const write = ['/opt/x', '/var/task/x', '/tmp/x'];

      expect(parse(await lambda.invoke({ write })).written).toEqual(['EROFS', 'EROFS', 'written']);
    },
  );

  it('a layer that is not there is named before anything starts', async () => {
    await expect(start({ layers: ['/no/such/layer.zip'] })).rejects.toMatchObject({
      code: 'ASYNC_HTTP_EMULATOR_LAYER_UNUSABLE',
      path: '/no/such/layer.zip',
      message:
        'The layer /no/such/layer.zip does not exist, so the function was not started. ' +
        'A layer is a folder or a zip file whose content becomes /opt; build it first, or correct `layers`.',
    });
  });

  it('a layer that is not a zip file, or a broken one, is named', async () => {
    const broken = join(await folder({ 'layer.zip': 'PK not really' }), 'layer.zip');

    await expect(start({ layers: [broken] })).rejects.toMatchObject({
      code: 'ASYNC_HTTP_EMULATOR_LAYER_UNUSABLE',
      message: expect.stringContaining('cannot be read as a zip file'),
    });
  });

  it('a zip file that points outside is refused', async () => {
    const layer = await zipFile([{ name: '../escaped', mode: 0o100644, content: 'x' }]);

    await expect(start({ layers: [layer] })).rejects.toMatchObject({
      code: 'ASYNC_HTTP_EMULATOR_LAYER_UNUSABLE',
    });
  });
});
