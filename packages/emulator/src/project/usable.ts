import type { FunctionDefinition, UnusableFunctionDefinition } from './project.ts';
import type { Warnings } from './warnings.ts';

/**
 * Warns of the functions that cannot run.
 *
 * @throws the reason of the first one when there is no other function.
 */
export function checkUsable(
  functions: readonly FunctionDefinition[],
  unusable: readonly UnusableFunctionDefinition[],
  {
    folder,
    warnings,
    allowUnusable = false,
  }: { folder: string; warnings: Warnings; allowUnusable?: boolean | undefined },
): void {
  const [first] = unusable;
  if (first && functions.length === 0 && !allowUnusable) throw first.reason;
  for (const { reason } of unusable) {
    warnings.add(`${reason.message.replaceAll(`${folder}/`, '')} Its routes answer 502.`);
  }
}
