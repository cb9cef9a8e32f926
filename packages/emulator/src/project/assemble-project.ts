import { type DeclaredApiKey, withApiKeys } from './api-keys.ts';
import type { AwsResources } from './aws-resources.ts';
import { readCloudResources } from './cloud-resources.ts';
import type { DeclaredResources } from './declared-resources.ts';
import type { DeclaredProject } from './project.ts';
import type { Warnings } from './warnings.ts';

interface Parts
  extends Pick<
    DeclaredProject,
    'file' | 'functions' | 'unusable' | 'apis' | 'eventSources' | 'declarations'
  > {
  /** Files that have been read; reading the resources can add some. */
  readonly files: Iterable<string>;
  readonly apiKeys: readonly DeclaredApiKey[];
  readonly declared: DeclaredResources;
  readonly resources: AwsResources;
  readonly warnings: Warnings;
}

/** A project, when all that can cause a warning has been read. */
export function assembleProject({
  apiKeys,
  declared,
  resources,
  warnings,
  files,
  ...read
}: Parts): DeclaredProject {
  const { functions, eventSources } = read;
  resources.warn(warnings);
  return {
    ...read,
    apis: withApiKeys(read.apis, apiKeys, warnings),
    resources: resources.silently(() => readCloudResources({ declared, functions, eventSources })),
    warnings: warnings.list(),
    files: [...files],
  };
}
