import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Stand } from '../figure.ts';

/** Each environment replies with its own number. */
const HANDLER = `
const environment = Math.random();
export const handler = async () => ({ statusCode: 200, body: String(environment) });
`;

const MODULES = 50;

/** Writes files by their paths into a folder that ends with the figure. */
async function makeProject(
  { onEnd }: Stand,
  files: Readonly<Record<string, string>>,
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'async-http-bench-'));
  onEnd(() => rm(folder, { recursive: true, force: true }));
  for (const [path, text] of Object.entries({ 'package.json': '{ "type": "module" }', ...files })) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return folder;
}

/** Functions at `/0`, `/1` and so on, in JavaScript. `offline.yml` is the same for serverless-offline. */
export function makeService(stand: Stand, functions: number): Promise<string> {
  const names = Array.from({ length: functions }, (_, name) => `${name}`);
  return makeProject(stand, {
    'handler.js': HANDLER,
    'serverless.yml': serviceFile('nodejs24.x', names),
    // It knows no newer runtime, and runs the function in its own process anyway.
    'offline.yml': `${serviceFile('nodejs20.x', names)}plugins: [serverless-offline]\n`,
  });
}

/** A function at `/0` of many files in TypeScript. */
export async function makeTypeScriptService(
  stand: Stand,
): Promise<{ folder: string; change: (version: string) => Promise<void> }> {
  const modules = Array.from({ length: MODULES - 1 }, (_, index) => `m${index}`);
  const textOf = (version: string) => `
${modules.map((name) => `import { ${name} } from './src/${name}.ts';`).join('\n')}
const used: readonly number[] = [${modules.join(', ')}];
export const handler = async () => ({ statusCode: 200, body: used.length && '${version}' });
`;
  const folder = await makeProject(stand, {
    'handler.ts': textOf('first'),
    'serverless.yml': serviceFile('nodejs24.x', ['0']),
    ...Object.fromEntries(
      modules.map((name, index) => [
        `src/${name}.ts`,
        `export const ${name}: number = ${index};\nexport interface Of${name} { readonly value: typeof ${name} }\n`,
      ]),
    ),
  });
  return { folder, change: (version) => writeFile(join(folder, 'handler.ts'), textOf(version)) };
}

function serviceFile(runtime: string, functions: readonly string[]): string {
  const head = `service: bench\nprovider:\n  name: aws\n  runtime: ${runtime}\n  memorySize: 512\n`;
  const each = functions.map(
    (name) => `  f${name}:\n    handler: handler.handler\n    events: [httpApi: GET /${name}]\n`,
  );
  return `${head}functions:\n${each.join('')}`;
}
