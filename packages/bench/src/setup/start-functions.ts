import { type Lambda, startLambda } from '@async-http/emulator';
import type { Stand } from '../figure.ts';
import { FUNCTION_FOLDER } from './extension-program.ts';

/** Two functions with the same reply on the emulator, which end with the figure. */
export interface Functions {
  /** The layer's proxy, with a background handler that is done at once. */
  readonly proxy: Lambda;
  /** A handler that replies, without the layer. */
  readonly plain: Lambda;
}

/** For the rows of the table. */
export const FUNCTIONS = {
  proxy: 'function with the layer, handler /opt/proxy.handler',
  plain: 'function without the layer, handler that only replies',
};

const COMMON = {
  code: FUNCTION_FOLDER,
  nodePath: process.execPath,
  // Enough not to be what slows anything down.
  memoryMiB: 512,
  timeoutMs: 30_000,
};

export async function startFunctions(stand: Stand): Promise<Functions> {
  const plain = await startPlainFunction(stand);
  const proxy = await startLambda({
    ...COMMON,
    handler: '/opt/proxy.handler',
    layers: [stand.layer.zip],
    environment: { ASYNC_HANDLER: 'background.handler' },
  });
  stand.onEnd(() => proxy.close());
  return { proxy, plain };
}

export async function startPlainFunction({ onEnd }: Stand): Promise<Lambda> {
  const plain = await startLambda({ ...COMMON, handler: 'plain.handler' });
  onEnd(() => plain.close());
  return plain;
}

/** @throws when the function did not reply as both have to. */
export async function invoke(lambda: Lambda, event: unknown): Promise<void> {
  const { payload } = await lambda.invoke(event);
  const reply = payload.toString();
  if (reply !== '{"statusCode":200,"body":"ok"}')
    throw new Error(`${lambda.name} replied ${reply}`);
}
