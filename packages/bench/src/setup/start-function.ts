import { type Lambda, type LambdaOptions, startLambda } from '@async-http/emulator';
import type { Stand } from '../figure.ts';
import { FUNCTION_FOLDER } from './function-folder.ts';

/** Starts a function on the emulator, which ends with the figure. */
export async function startFunction(
  { onEnd }: Stand,
  options: Pick<LambdaOptions, 'handler'> & Partial<LambdaOptions>,
): Promise<Lambda> {
  const lambda = await startLambda({
    code: FUNCTION_FOLDER,
    nodePath: process.execPath,
    // Enough not to be what slows anything down; CPU is limited by the figures that are about it.
    memoryMiB: 1_769,
    timeoutMs: 60_000,
    ...options,
  });
  onEnd(() => lambda.close());
  return lambda;
}
