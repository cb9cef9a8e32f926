import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { cachedLayers } from '../../src/layers/layer-cache.ts';
import { projectFolder } from '../project/project-folder.ts';
import { zip } from '../support/zip.ts';

const ZIP = zip([{ name: 'bin/tool', content: 'first', mode: 0o100755 }]);

// Each test has its own cache.
beforeEach(() => {
  const before = process.env.XDG_CACHE_HOME;
  process.env.XDG_CACHE_HOME = mkdtempSync(join(tmpdir(), 'emulator-cache-'));
  const own = process.env.XDG_CACHE_HOME;
  onTestFinished(() => {
    rmSync(own, { recursive: true, force: true });
    if (before === undefined) delete process.env.XDG_CACHE_HOME;
    else process.env.XDG_CACHE_HOME = before;
  });
});

const cacheOf = () => join(process.env.XDG_CACHE_HOME ?? '', 'async-http-emulator/layers');

describe('layers', () => {
  it('are unpacked once, wherever the zip file with that content is', async () => {
    const folder = projectFolder({ 'a.zip': ZIP, 'b.zip': ZIP });

    const first = await cachedLayers([join(folder, 'a.zip')]);
    writeFileSync(join(first ?? '', 'mark'), 'unpacked once');
    const second = await cachedLayers([join(folder, 'b.zip')]);

    expect(second).toBe(first);
    expect(readFileSync(join(second ?? '', 'mark'), 'utf8')).toBe('unpacked once');
  });

  it('that functions start with at the same time are unpacked once', async () => {
    const layer = join(projectFolder({ 'a.zip': ZIP }), 'a.zip');
    const all = await Promise.all([cachedLayers([layer]), cachedLayers([layer])]);
    expect(new Set(all).size).toBe(1);
    expect(readdirSync(cacheOf())).toHaveLength(1);
  });

  it('are unpacked again when the content is another', async () => {
    const folder = projectFolder({
      'a.zip': ZIP,
      'b.zip': zip([{ name: 'bin/tool', content: 'second' }]),
    });
    const tool = async (...names: string[]) => {
      const merged = await cachedLayers(names.map((name) => join(folder, name)));
      return readFileSync(join(merged ?? '', 'bin/tool'), 'utf8');
    };
    expect([await tool('a.zip'), await tool('b.zip')]).toEqual(['first', 'second']);
    expect([await tool('a.zip', 'b.zip'), await tool('b.zip', 'a.zip')]).toEqual([
      'second',
      'first',
    ]);
  });

  it('in a folder are copied again when a file has changed', async () => {
    const folder = projectFolder({ 'layer/a.txt': 'old' });
    const layer = join(folder, 'layer');
    await cachedLayers([layer]);

    writeFileSync(join(layer, 'a.txt'), 'new and longer');

    const merged = await cachedLayers([layer]);
    expect(readFileSync(join(merged ?? '', 'a.txt'), 'utf8')).toBe('new and longer');
  });

  it('that nobody has used for two weeks go', async () => {
    const folder = projectFolder({ 'a.zip': ZIP, 'b.zip': zip([{ name: 'b' }]) });
    const old = await cachedLayers([join(folder, 'a.zip')]);
    const longAgo = new Date(Date.now() - 15 * 24 * 3600 * 1000);
    utimesSync(old ?? '', longAgo, longAgo);

    const used = await cachedLayers([join(folder, 'b.zip')]);

    expect(readdirSync(cacheOf()).map((name) => join(cacheOf(), name))).toEqual([used]);
  });

  it('that cannot be unpacked leave nothing behind', async () => {
    const folder = projectFolder({ 'a.zip': 'no zip file' });
    await expect(cachedLayers([join(folder, 'a.zip')])).rejects.toMatchObject({
      code: 'ASYNC_HTTP_EMULATOR_LAYER_UNUSABLE',
    });
    expect(readdirSync(cacheOf())).toEqual([]);
  });
});
