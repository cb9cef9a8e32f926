import { dirname } from 'node:path';
import type { LocalAws, LocalAwsOptions } from '../local-aws/local-aws.ts';
import { wantsLocalAws } from '../local-aws/wants-local-aws.ts';
import type { Project } from '../project/project.ts';
import type { Context } from './terminal.ts';

export interface LocalAwsArguments extends Pick<LocalAwsOptions, 'onEvent'> {
  /** `--aws`: nothing is local. */
  readonly aws: boolean;
}

/** What stands in for AWS's services. Loads nothing for a project that needs nothing of it. */
export async function startLocalAws(
  project: Project,
  { aws, onEvent }: LocalAwsArguments,
  { terminal }: Context,
): Promise<LocalAws | undefined> {
  if (aws || !wantsLocalAws(project)) return undefined;
  const { LocalAws } = await import('../local-aws/local-aws.ts');
  return LocalAws.start(project, {
    folder: dirname(project.file),
    onEvent,
    onProblem: (problem) => terminal.err(`! ${problem}`),
  });
}
