import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { LayerSourceError } from './errors.ts';

const LAYER_VERSION_ARN = /^arn:aws[\w-]*:lambda:([a-z0-9-]+):\d{12}:layer:[\w-]+:\d+$/;

/** @returns the Region of a layer version's ARN; undefined when it is something else, e.g. the path of a file */
export function regionOfLayer(source: string): string | undefined {
  return LAYER_VERSION_ARN.exec(source)?.[1];
}

/**
 * Asks AWS, with the AWS CLI and the user's credentials, for the hash of a published layer version: the `CodeSha256` of
 * https://docs.aws.amazon.com/lambda/latest/api/API_GetLayerVersionByArn.html
 *
 * @throws {LayerSourceError} when there is no AWS CLI, or it does not answer with a hash.
 */
export async function publishedSha256(arn: string, region: string): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)('aws', [
      'lambda',
      'get-layer-version-by-arn',
      ...['--region', region, '--arn', arn],
      ...['--query', 'Content.CodeSha256', '--output', 'text'],
    ]);
    return stdout.trim();
  } catch (cause) {
    const { code, stderr } = cause as NodeJS.ErrnoException & { stderr?: string };
    throw new LayerSourceError({
      source: arn,
      reason:
        code === 'ENOENT'
          ? 'the AWS CLI (aws) is not installed. Install it, or download the layer and verify the zip'
          : stderr?.trim() || String(cause),
      cause,
    });
  }
}
