import { join } from 'node:path';
import type { ExtensionsApi } from './extensions-api.ts';
import type { Layer } from './layer.ts';

/** Functions and background handlers that are measured; `/var/task`. */
export const FUNCTION_FOLDER = join(import.meta.dirname, '../function');

/** What Lambda executes: the entry script, which starts Node.js. */
export function extensionProgram(layer: Layer): string {
  return join(layer.folder, 'extensions/async-http');
}

/** What Lambda gives to an extension, as far as ours reads it. */
export function extensionEnvironment({
  api,
  socket,
  nodeFolder,
}: {
  api: ExtensionsApi;
  socket: string;
  /** Where the `node` is that runs the extension. */
  nodeFolder: string;
}): NodeJS.ProcessEnv {
  return {
    PATH: `${nodeFolder}:/usr/bin:/bin`,
    AWS_LAMBDA_RUNTIME_API: api.address,
    AWS_LAMBDA_FUNCTION_NAME: 'bench',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '128',
    AWS_REGION: 'us-east-1',
    LAMBDA_TASK_ROOT: FUNCTION_FOLDER,
    ASYNC_HANDLER: 'background.handler',
    ASYNC_HTTP_SOCKET: socket,
  };
}
