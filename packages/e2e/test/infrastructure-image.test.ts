import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import yauzl from 'yauzl';
import { copyRecipe, recipe } from './support/recipes.ts';
import { LAYER, linesWith, startFunction, story } from './support/start-function.ts';

const ENVIRONMENT = 'Container image, in its own environment';
const QUEUE = 'Container image, through a queue';

/** The instructions of the Dockerfile, in order. */
function instructions(heading: string): { readonly name: string; readonly value: string }[] {
  const dockerfile = recipe(heading).find(({ name }) => name === 'Dockerfile')?.text ?? '';
  return [...dockerfile.matchAll(/^([A-Z]+) (.*)$/gm)].map(([, name = '', value = '']) => ({
    name,
    value,
  }));
}

function only(name: string, pattern: RegExp): RegExpExecArray {
  const found = instructions(ENVIRONMENT).flatMap((instruction) => {
    const match = instruction.name === name ? pattern.exec(instruction.value) : null;
    return match ? [match] : [];
  });
  const [match] = found;
  if (!match || found.length !== 1) throw new Error(`Not one ${name} ${pattern}`);
  return match;
}

/** Does in folders what Docker does: the last command of the first stage, and both COPY of the second. */
async function buildImage() {
  const project = copyRecipe(ENVIRONMENT);
  const image = mkdtempSync(join(tmpdir(), 'image-'));
  onTestFinished(() => rmSync(image, { recursive: true }));

  const [, command = ''] = only('RUN', /^npx (async-http-layer .*)$/);
  const bin = join(import.meta.dirname, '../node_modules/.bin');
  await promisify(execFile)('sh', ['-c', `umask 077 && ${command}`], {
    cwd: project,
    env: { PATH: [bin, process.env.PATH].join(delimiter) },
  });
  const [, workdir = ''] = only('WORKDIR', /^(\/.*)$/);
  const [, from = ''] = only('COPY', new RegExp(`^--from=layer ${workdir}/(.*) /opt/$`));
  const opt = join(image, 'opt');
  cpSync(join(project, from), opt, { recursive: true });

  const [, code = '', task = ''] = only('COPY', /^([^-]\S*) \$\{LAMBDA_TASK_ROOT\}\/(.*)$/);
  cpSync(join(project, code), join(image, 'task', task), { recursive: true });
  return { opt, task: join(image, 'task') };
}

/** Paths with their modes, as in the zip. */
function listFolder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => {
      const stats = statSync(join(folder, path));
      return `${stats.mode.toString(8)} ${path}${stats.isDirectory() ? '/' : ''}`;
    })
    .toSorted();
}

async function listZip(file: string): Promise<string[]> {
  const zip = await yauzl.fromBufferPromise(readFileSync(file));
  const entries: string[] = [];
  for await (const { externalFileAttributes, fileName } of zip.eachEntry()) {
    entries.push(`${(externalFileAttributes >>> 16).toString(8)} ${fileName}`);
  }
  return entries.toSorted();
}

describe('the recipe for a container image', () => {
  it('has in /opt what the layer has, with the same modes', async () => {
    const { opt } = await buildImage();
    expect(listFolder(opt)).toEqual(await listZip(LAYER));
  });

  it('replies first, and finishes the report afterwards', async () => {
    const { opt, task } = await buildImage();
    const [handler = ''] = JSON.parse(only('CMD', /^\[.*\]$/)[0]);
    const lambda = await startFunction({
      runtime: 'nodejs24.x',
      code: task,
      layers: [opt],
      handler,
      environment: {
        ASYNC_HANDLER: properties(ENVIRONMENT, 'Report').Environment.Variables.ASYNC_HANDLER,
      },
    });

    const { payload, requestId } = await lambda.invoke({ version: '2.0' });
    await lambda.idle();

    expect(JSON.parse(payload.toString())).toEqual({ statusCode: 202, body: `${requestId}.1` });
    expect(linesWith(lambda, `report ${requestId}.1: finished`)).toHaveLength(1);
    expect(story(lambda, requestId).slice(-2)).toEqual(['invoke.end', 'frozen']);
  });

  it('has the same image and code in both ways', () => {
    expect(instructions(QUEUE)).toEqual(instructions(ENVIRONMENT));
  });

  it.each([
    [ENVIRONMENT, 'AWS SAM, in its own environment'],
    [QUEUE, 'AWS SAM, through a queue'],
  ])(
    '%s is deployed as the recipe for AWS SAM, except for how the code gets there',
    (image, zip) => {
      const withoutCode = (heading: string) =>
        Object.fromEntries(
          Object.entries(resourcesOf(heading))
            .filter(([, { Type }]) => Type !== 'AWS::Serverless::LayerVersion')
            .map(([name, { Metadata: _, Properties, ...resource }]) => {
              const {
                Runtime,
                CodeUri,
                Handler,
                Layers,
                PackageType,
                ImageConfig,
                MemorySize,
                ...kept
              } = Properties;
              return [name, { ...resource, Properties: kept }];
            }),
        );
      // Handlers of the image have the folder in their name.
      expect(
        JSON.parse(JSON.stringify(withoutCode(image)).replaceAll('src/report', 'report')),
      ).toEqual(withoutCode(zip));
    },
  );

  it('through a queue has the consumer of the layer as the command of the worker', () => {
    expect(properties(QUEUE, 'Worker').ImageConfig).toEqual({ Command: ['/opt/proxy.consumer'] });
  });
});

function resourcesOf(heading: string) {
  const template = recipe(heading).find(({ name }) => name === 'template.yaml')?.text ?? '';
  return parse(template, { logLevel: 'error' }).Resources as Record<
    string,
    // biome-ignore lint/suspicious/noExplicitAny: what a template has
    { readonly Type: string; readonly Metadata?: unknown; readonly Properties: any }
  >;
}

const properties = (heading: string, name: string) => resourcesOf(heading)[name]?.Properties;
