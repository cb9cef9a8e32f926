import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { Bundler } from '../../src/bundle/bundler.ts';
import { startFunction } from '../../src/cli/functions.ts';
import type { LocalLambda } from '../../src/lambda/local-lambda.ts';
import type { Isolation, RuntimeName } from '../../src/lambda-types.ts';
import { findProjectFile, readProject } from '../../src/project/read-project.ts';
import { fixture, nodePaths } from '../support/start.ts';

/** Starts a function of a project as `dev` does. */
export async function startFunctionOf(
  folder: string,
  name: string,
  {
    runtime,
    isolation,
    onWarning = () => {},
    onLine = () => {},
  }: {
    runtime?: RuntimeName;
    isolation?: Isolation;
    onWarning?: (warning: string) => void;
    /** Called with each log line. */
    onLine?: (line: string) => void;
  } = {},
): Promise<LocalLambda> {
  const { functions } = readProject(findProjectFile(folder), { env: {} });
  const found = functions.find((one) => one.name === name);
  if (!found) throw new Error(`The project has no function ${name}.`);
  const definition = { ...found, ...(runtime && { runtime }), ...(isolation && { isolation }) };
  const bundler = new Bundler(onWarning);
  onTestFinished(() => bundler.close());
  const nodePath = nodePaths[definition.runtime];
  const options = { ...definition, ...(nodePath && { nodePath }) };
  const lambda = await startFunction(options, {
    bundler,
    cpu: undefined,
    onEvent: (event) => {
      if (event.type === 'log') onLine(event.line);
    },
  });
  onTestFinished(() => lambda.close());
  return lambda;
}

/** What the function returns. */
export async function resultOf(lambda: LocalLambda, event: unknown = {}): Promise<unknown> {
  const { payload, functionError } = await lambda.invoke(event);
  const result = JSON.parse(payload.toString());
  if (functionError) expect.fail(`the function failed: ${payload}`);
  return result;
}

/** A copy of a fixture with more files, gone after the test; packages cannot be kept in a fixture. */
export function copyOf(name: string, files: Readonly<Record<string, string>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'emulator-project-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  cpSync(fixture(name), folder, { recursive: true });
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}
