import { basename, resolve } from 'node:path';
import { DEFAULTS } from './choices.ts';

/** The function's name in Lambda, `<service>-<stage>-report`, has at most 64 characters. */
const MAX_LENGTH = 40;

/**
 * Makes the folder's name a name that npm, Serverless Framework and CloudFormation all take: lower-case
 * letters, digits and single hyphens, after a letter.
 */
export function projectName(folder: string): string {
  const name = basename(resolve(folder))
    .normalize('NFKD')
    .replace(/\p{Mark}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, MAX_LENGTH)
    .replace(/-$/, '');
  // Serverless Framework wants two characters.
  return name.length > 1 ? name : DEFAULTS.folder;
}
