import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const packageRoot = fileURLToPath(new URL('../..', import.meta.url));

/** What the builds of the neighbours leave behind, with the kinds of files that must not get into a layer. */
const neighbours = {
  'client/package.json': JSON.stringify({
    name: '@async-http/client',
    version: '1.2.3',
    type: 'module',
    exports: {
      '.': {
        '@async-http/source': './src/index.ts',
        import: { types: './dist/index.d.ts', default: './dist/index.js' },
        require: { types: './dist/index.d.cts', default: './dist/index.cjs' },
      },
      './check': './dist/check/index.js',
      './store': { import: './dist/store/index.js', require: './dist/store/index.cjs' },
      './package.json': './package.json',
    },
  }),
  'client/src/index.ts': 'export {};\n',
  'client/dist/index.js': "export const sendArgs = () => 'client';\n",
  'client/dist/index.js.map': '{}',
  'client/dist/index.cjs': "exports.sendArgs = () => 'client';\n",
  'client/dist/check/index.js': '// before a deploy\n',
  'client/dist/store/index.js': "export const getJob = () => 'client';\n",
  'client/dist/store/index.cjs': "exports.getJob = () => 'client';\n",
  'client/dist/index.d.ts': 'export declare const sendArgs: () => string;\n',
  'proxy/package.json': JSON.stringify({
    name: '@async-http/proxy',
    version: '1.2.3',
    type: 'module',
    exports: {
      '.': { import: './dist/index.js', require: './dist/index.cjs' },
      './package.json': './package.json',
    },
  }),
  'proxy/dist/index.js': "export { sendArgs as handler } from '@async-http/client';\n",
  'proxy/dist/index.cjs': "exports.handler = require('@async-http/client').sendArgs;\n",
  'proxy/dist/layer/proxy.js': "exports.handler = () => 'proxy';\n",
  'extension/package.json': JSON.stringify({ name: '@async-http/extension', version: '1.2.3' }),
  'extension/src/launcher/async-http': '#!/bin/sh\n',
  'extension/dist/layer/extension.js': '// extension\n',
  'extension/dist/layer/extension.js.map': '{}',
  'extension/dist/layer/handler-host.js': '// handler host\n',
  'extension/dist/layer/store.js': "exports.getJob = () => 'store';\n",
  'extension/dist/layer/LICENSES.txt': 'MIT\n',
  'extension/dist/layer/destinations/sqs.js': '// loaded when it is needed\n',
};

export type Neighbour = keyof typeof neighbours;

interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly umask?: string;
  readonly node?: string;
}

/** Installs the layer builder in its own folder, beside small stand-ins for the packages it reads. */
export function installLayerBuilder({ without }: { without?: Neighbour } = {}) {
  const root = mkdtempSync(join(tmpdir(), 'layer-builder-'));
  onTestFinished(() => rmSync(root, { recursive: true }));

  const folder = join(root, 'layer-builder');
  for (const path of ['package.json', 'src']) {
    cpSync(join(packageRoot, path), join(folder, path), { recursive: true });
  }
  for (const [path, content] of Object.entries(neighbours)) {
    if (path !== without) {
      const installed = join(root, 'node_modules/@async-http', path);
      mkdirSync(dirname(installed), { recursive: true });
      writeFileSync(installed, content);
    }
  }
  symlinkSync(join(packageRoot, 'node_modules/fflate'), join(root, 'node_modules/fflate'));

  return {
    /** The package's own folder. */
    folder,
    /** A path beside the package. */
    path: (name: string) => join(root, name),
    /** Runs `async-http-layer` with these arguments; resolves when it has ended. */
    async run(args: readonly string[], { env, umask = '022', node }: RunOptions = {}) {
      const program = spawn(
        '/bin/sh',
        ['-c', `umask ${umask}; exec "$@"`, 'sh', node ?? process.execPath, 'src/cli.ts', ...args],
        { cwd: folder, env: { PATH: process.env.PATH, ...env }, stdio: ['ignore', 'pipe', 'pipe'] },
      );
      const [stdout, stderr, [exitCode]] = await Promise.all([
        text(program.stdout),
        text(program.stderr),
        once(program, 'exit'),
      ]);
      return { exitCode, stdout, stderr };
    },
  };
}
