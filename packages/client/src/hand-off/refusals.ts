import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  DeliveryFailedError,
  HandlerUnavailableError,
  PayloadTooLargeError,
  ShuttingDownError,
  VersionMismatchError,
} from '../errors.ts';
import { type Refusal, refusalPath, type Settings } from '../protocol/index.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The error of a refusal. */
export function refusalError({ code, message }: Refusal): Error {
  switch (code) {
    case 'ASYNC_HTTP_HANDLER_UNAVAILABLE':
      return new HandlerUnavailableError(message);
    case 'ASYNC_HTTP_SHUTTING_DOWN':
      return new ShuttingDownError(message);
    case 'ASYNC_HTTP_PAYLOAD_TOO_LARGE':
      return new PayloadTooLargeError(message);
    case 'ASYNC_HTTP_DELIVERY_FAILED':
      return new DeliveryFailedError(message);
    case 'ASYNC_HTTP_VERSION_MISMATCH':
      return new VersionMismatchError(message);
    default:
      return code satisfies never;
  }
}

/** Why the extension refuses every hand-off now; undefined when it does not. */
export function readRefusal(folder: string): Refusal | undefined {
  const path = refusalPath(folder);
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined; // It has just been taken back.
  }
}

/** What is known to keep the background handler from running before anything has tried it, in a sentence. */
export function problemOfHandler(
  { handler, missingHandler, problems, engine }: Settings,
  env: Environment,
): string | undefined {
  if (missingHandler !== undefined || problems.length > 0) {
    return [...(missingHandler === undefined ? [] : [missingHandler]), ...problems].join('; ');
  }
  if (handler === undefined || engine) return undefined;
  const taskRoot = env.LAMBDA_TASK_ROOT ?? '/var/task';
  const slash = handler.lastIndexOf('/') + 1;
  const [module = ''] = handler.slice(slash).split('.', 1);
  const path = resolve(taskRoot, handler.slice(0, slash), module);
  if (['.js', '.mjs', '.cjs', ''].some((ending) => existsSync(path + ending))) return undefined;
  // Lambda also takes a package there.
  const folders = [join(taskRoot, 'node_modules'), ...(env.NODE_PATH ?? '').split(':')];
  if (folders.some((folder) => folder !== '' && existsSync(join(folder, module)))) return undefined;
  const source = ['.ts', '.mts', '.cts'].find((ending) => existsSync(path + ending));
  const only = source === undefined ? '' : `, only a ${source} file, which Lambda does not run`;
  return `ASYNC_HANDLER is "${handler}", but there is no ${path}.js, .mjs or .cjs in the deployed code${only}. Correct it, or have your bundler put it there: export the background handler beside the function's own, or make its file a second entry point`;
}
