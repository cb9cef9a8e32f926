import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Bundler } from '../bundle/bundler.ts';
import { startHttpServer } from '../http/server.ts';
import type { Lambda } from '../lambda-types.ts';
import type { LocalAws } from '../local-aws/local-aws.ts';
import type { FunctionDefinition, Project } from '../project/project.ts';
import { NOTHING_KEPT, Recorder } from '../recording/recorder.ts';
import type { ReportEvent } from '../report/report-event.ts';
import type { InvokeArguments } from './arguments.ts';
import { EventFileError, FunctionUnknownError } from './errors.ts';
import { startFunction } from './functions.ts';
import { startLocalAws } from './local-aws.ts';
import { openProject } from './open-project.ts';
import { createPrinter } from './printer.ts';
import type { Context } from './terminal.ts';

/**
 * Runs a function once and waits until its environment is frozen. The timeline goes to standard error and the
 * result to standard output, so that the result can be piped.
 *
 * @returns the exit code: 0, or 1 when the function failed.
 */
export async function invoke(args: InvokeArguments, context: Context): Promise<number> {
  const { terminal, stopping } = context;
  // Standard output is for the result.
  const project = await openProject(args, context, terminal.err)();
  const definition = findFunction(project, args.functionName);
  const event = await readEvent(args.event, context);
  const print = createPrinter(
    {
      ...args,
      colors: terminal.colors.err,
      responses: true,
      functionNames: [definition.name],
    },
    args.json ? terminal.out : terminal.err,
  );
  const recorder = new Recorder({ limits: NOTHING_KEPT, onEvent: print });
  const onEvent = (event: ReportEvent) => recorder.add(event);
  for (const warning of project.warnings) terminal.err(`! ${warning}`);

  const bundler = new Bundler((warning) => terminal.err(`! ${warning}`));
  const localAws = await startLocalAws(withoutConsumers(project), { ...args, onEvent }, context);
  try {
    const { cpu, explain } = args;
    const options = { bundler, cpu, explain, onEvent, localAws };
    const lambda = await startFunction(definition, options).finally(() => bundler.close());
    const close = localAws && (await serveInvokes(localAws, definition.name, lambda));
    try {
      return await runOnce(lambda, event, args, context);
    } finally {
      // After a stop, running work is not waited for.
      if (!stopping.aborted) {
        await lambda.shutdown('spindown');
        await localAws?.settled();
      }
      await lambda.close();
      await close?.();
    }
  } finally {
    await localAws?.close();
  }
}

/** Only one function runs: what it sends stays in the queues, and is reported. */
const withoutConsumers = (project: Project): Project => ({ ...project, eventSources: [] });

/** The function can invoke itself. @returns what ends that. */
async function serveInvokes(
  localAws: LocalAws,
  name: string,
  lambda: Lambda,
): Promise<() => Promise<void>> {
  const functions = new Map([[name, lambda]]);
  const api = await startHttpServer({ apis: [], functions, port: 0 });
  localAws.feed({ functions: () => functions, invokeUrl: api.url });
  return () => api.close();
}

async function runOnce(
  lambda: Lambda,
  event: unknown,
  { json, explain }: InvokeArguments,
  { terminal, stopping }: Context,
): Promise<number> {
  const stopped = new Promise<undefined>((resolve) => {
    stopping.addEventListener('abort', () => resolve(undefined), { once: true });
  });
  const result = await Promise.race([lambda.invoke(event), stopped]);
  if (!result) return 1;
  const { payload, ...rest } = result;
  const text = payload.toString('utf8');
  terminal.out(json ? JSON.stringify({ type: 'result', ...rest, payload: text }) : text);
  await Promise.race([lambda.idle(), stopped]);
  if (explain && !json && !stopping.aborted && (await lambda.unfinished()).length === 0) {
    terminal.err('Nothing was left unfinished.');
  }
  return result.statusCode === 200 && result.functionError === undefined ? 0 : 1;
}

function findFunction({ file, functions, unusable }: Project, name: string): FunctionDefinition {
  const found = functions.find((one) => one.name === name || one.deployedName === name);
  if (found) return found;
  const broken = unusable.find((one) => one.name === name);
  if (broken) throw broken.reason;
  throw new FunctionUnknownError({ name, file, known: functions.map((one) => one.name) });
}

async function readEvent(file: string | undefined, { cwd, stdin }: Context): Promise<unknown> {
  if (file === undefined) return {};
  try {
    return JSON.parse(
      file === '-' ? await readAll(stdin) : await readFile(resolve(cwd, file), 'utf8'),
    );
  } catch (cause) {
    throw new EventFileError({ file, cause });
  }
}

async function readAll(input: AsyncIterable<Buffer | string>): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of input) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks).toString('utf8');
}
