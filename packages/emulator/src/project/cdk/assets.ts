import { dirname, resolve } from 'node:path';
import type { CdkResource } from './resources.ts';

/**
 * Folder or zip file with the content of a function or layer; undefined when that is not on this machine.
 *
 * @param property where it is named: `Code`, `Content`.
 */
export function assetOf(
  { section, properties, stack }: CdkResource,
  property: string,
): string | undefined {
  // Apps that are run without the CLI do not write this.
  const path = section.section('Metadata').string('aws:asset:path');
  if (path !== undefined) return resolve(dirname(stack.file), path);
  const content = properties.section(property);
  return content.has('S3Key') ? stack.assets.get(content.string('S3Key') ?? '') : undefined;
}
