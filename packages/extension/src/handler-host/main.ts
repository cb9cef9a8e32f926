import { InvokeStore } from '@aws/lambda-invoke-store';
import type { HostCommand } from '../handler-process/frames.ts';
import { writeAtOnce } from '../output/write-at-once.ts';
import { Connection } from './connection.ts';
import { patchConsole } from './console.ts';
import { errorFacts, RuntimeError } from './errors.ts';
import { reportEnd } from './faults.ts';
import { defineAwslambda } from './globals.ts';
import { currentJob, Jobs, type Loaded } from './jobs.ts';
import { loadHandler } from './load-handler.ts';
import { importFromNodePath } from './node-path.ts';
import { loadPreloads } from './preload.ts';
import { hasTracer } from './tracing.ts';

const { env } = process;
const nodeMajor = Number.parseInt(process.versions.node, 10);
/** From Node.js 24 on, and on Managed Instances, Lambda's runtime is another program with other rules. */
const isNewRuntime =
  nodeMajor >= 24 || env.AWS_LAMBDA_INITIALIZATION_TYPE === 'lambda-managed-instances';

/** The loader's own frames would fill a stack of 10, and hide the line of the user's that failed. */
const LOADING_STACK_LIMIT = 50;

/** The program in which background handlers run: Lambda's runtime, with the extension in the place of the Runtime API. */
async function main(): Promise<void> {
  writeAtOnce();
  // Several jobs may run at once, so every one needs its own request id wherever it is asked for.
  const store = await InvokeStore.getInstanceAsync(true);
  defineAwslambda(env);
  patchConsole({ env, store, isNewRuntime });
  importFromNodePath(env.NODE_PATH);

  let loaded: Loaded | undefined;
  const connection = new Connection(({ message, body }) => {
    switch (message.type) {
      case 'load':
        load(message);
        break;
      case 'run':
        if (loaded) jobs.run(loaded, message, body);
        break;
      case 'abort':
        jobs.abort(message.run, message.reason);
        break;
      case 'tail':
        jobs.exportTail(message);
        break;
      default:
        message satisfies never;
    }
  });
  const jobs = new Jobs(connection, store, env);
  reportEnd(connection, () => currentJob(store)?.run);
  connection.send({ type: 'loading' });

  async function load(command: Extract<HostCommand, { type: 'load' }>): Promise<void> {
    const giveUp = () => connection.send({ type: 'load-failed', error: errorFacts(neverLoads()) });
    process.once('beforeExit', giveUp);
    connection.keepsAlive = false;
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = LOADING_STACK_LIMIT;
    try {
      // For the programs that user code starts.
      if (command.nodeOptions) env.NODE_OPTIONS = command.nodeOptions;
      await loadPreloads(command.preloads);
      const rules = isNewRuntime ? 'import-first' : 'require-first';
      const name = command.handler;
      const handler = await loadHandler(env.LAMBDA_TASK_ROOT ?? process.cwd(), name, rules);
      loaded = { name, handler };
      connection.send({ type: 'loaded', ...(hasTracer() && { hasTracer: true }) });
    } catch (error) {
      connection.send({ type: 'load-failed', error: errorFacts(error) });
    } finally {
      if (Error.stackTraceLimit === LOADING_STACK_LIMIT) Error.stackTraceLimit = stackTraceLimit;
      connection.keepsAlive = true;
      process.off('beforeExit', giveUp);
    }
  }
}

/** With nothing left to wait for, a top-level `await` would only end at the time limit. */
function neverLoads(): RuntimeError {
  return new RuntimeError(
    'Runtime.NodeJsExit',
    'It waits in a top-level await for something that can never happen',
  );
}

main();
