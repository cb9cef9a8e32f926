import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Place } from '../errors.ts';
import { hasHandlerFile } from '../handler-file.ts';
import type { Section } from '../section.ts';
import type { Warnings } from '../warnings.ts';
import { readDockerfile } from './dockerfile.ts';

/** What runs of a function that is a container image. */
export interface SamImage {
  /** Folder that becomes `/var/task`, absolute. */
  readonly code: string;
  readonly handler: string;
  readonly handlerPlace: Place;
  /** `nodejs24.x` */
  readonly runtime: string;
  /** The Dockerfile, absolute. */
  readonly file: string;
}

// https://docs.aws.amazon.com/lambda/latest/dg/nodejs-image.html
const NODE_IMAGE = /(?:^|\/)(?:lambda\/nodejs|aws-lambda-nodejs):(\d+)/;

/**
 * Finds code and handler of a function with `PackageType: Image` that starts from AWS's image of a Node.js
 * runtime. Nothing is built: what `RUN` would do is left out.
 *
 * @param resource the `AWS::Serverless::Function`.
 * @param config its `ImageConfig`.
 * @param fail called with what keeps it from running here.
 */
export function readSamImage(
  resource: Section,
  config: Section,
  {
    folder,
    fail,
    warnings,
  }: {
    folder: string;
    fail: (problem: string) => never;
    warnings: Warnings;
  },
): SamImage {
  const metadata = resource.section('Metadata');
  const context = metadata.string('DockerContext');
  if (context === undefined) {
    fail(
      'is a container image without the Metadata (DockerContext, Dockerfile) that says how it is built',
    );
  }
  const contextFolder = resolve(folder, context ?? '.');
  const file = resolve(contextFolder, metadata.string('Dockerfile') ?? 'Dockerfile');
  if (!existsSync(file)) fail(`is a container image made from ${file}, which does not exist`);

  const { base, command, hasEntryPoint, copied } = readDockerfile(readFileSync(file, 'utf8'));
  const version = NODE_IMAGE.exec(base ?? '')?.[1];
  if (version === undefined || hasEntryPoint || config.has('EntryPoint')) {
    fail(
      'is a container image, which can run here only FROM public.ecr.aws/lambda/nodejs and without its own ENTRYPOINT',
    );
  }
  const [configured] = config.list('Command').map(String);
  const handler =
    configured ?? command[0] ?? fail(`has no handler: add CMD ["app.handler"] to ${file}`);
  warnings.add(
    'Container images are not built: their functions run from the files that the Dockerfile copies. Install their packages there.',
  );
  return {
    code: codeFolder(handler, contextFolder, copied),
    handler,
    handlerPlace: configured === undefined ? { file } : config.place('Command'),
    runtime: `nodejs${version}.x`,
    file,
  };
}

/** The copied folder that has the handler: `src` after `COPY src/ ./`; else the whole context. */
function codeFolder(handler: string, context: string, copied: readonly string[]): string {
  const folders = copied.map((path) => {
    const source = resolve(context, path);
    return statSync(source, { throwIfNoEntry: false })?.isDirectory() ? source : dirname(source);
  });
  return [context, ...folders].find((folder) => hasHandlerFile(handler, folder)) ?? context;
}
