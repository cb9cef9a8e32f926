import type { View } from './view.ts';

/** The row for which an environment starts: the oldest one of the function that has none. */
export function claimStart(view: View, functionName: string, environmentId: string): void {
  const row = view.waiting
    .get(functionName)
    ?.find(({ startingEnvironmentId }) => startingEnvironmentId === undefined);
  if (row) row.startingEnvironmentId = environmentId;
}
