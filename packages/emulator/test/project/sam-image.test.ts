import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readProject } from '../../src/project/read-project.ts';
import { projectFolder } from './project-folder.ts';

const BASE = 'FROM public.ecr.aws/lambda/nodejs:24';

/** A template whose one function is made from the image of `api/Dockerfile`. */
function read(files: Record<string, string>, settings = '') {
  const folder = projectFolder({
    'template.yaml': `
Resources:
  Order:
    Type: AWS::Serverless::Function
    Metadata: { DockerContext: api }
    Properties: { PackageType: Image, ${settings} }`,
    ...files,
  });
  const { functions, unusable, ...project } = readProject(join(folder, 'template.yaml'), {
    allowUnusable: true,
  });
  return {
    ...project,
    folder,
    definition: functions[0],
    problem: unusable[0]?.reason.message,
  };
}

describe('a container image of a SAM template', () => {
  it("runs the command of its Dockerfile on the runtime of AWS's image", () => {
    const { folder, definition, warnings, files } = read({
      'api/Dockerfile': `${BASE}\n# CMD ["old.handler"]\nCOPY app.mjs package*.json ./\nRUN npm ci\nCMD ["app.handler"]`,
      'api/app.mjs': '',
    });

    expect(definition).toMatchObject({
      code: join(folder, 'api'),
      handler: 'app.handler',
      runtime: 'nodejs24.x',
    });
    expect(warnings.join()).toContain('Container images are not built');
    expect(files).toContain(join(folder, 'api/Dockerfile'));
  });

  it('runs in the folder that is copied', () => {
    const { folder, definition } = read({
      'api/Dockerfile': `${BASE}\nCOPY src/ \${LAMBDA_TASK_ROOT}/\nCMD app.handler`,
      'api/src/app.js': '',
    });

    expect(definition?.code).toBe(join(folder, 'api/src'));
  });

  it('runs TypeScript that an earlier stage would compile', () => {
    const { folder, definition } = read({
      'api/Dockerfile': `${BASE} AS build\nCOPY src/app.ts \\\n  ./\nRUN npx tsc\nFROM build\nCOPY --from=build /out ./\nCMD [ "app.handler" ]`,
      'api/src/app.ts': '',
    });

    expect(definition?.bundle?.entries).toEqual([
      { source: join(folder, 'api/src/app.ts'), module: 'app' },
    ]);
  });

  it('runs the command of its ImageConfig instead', () => {
    const { definition } = read(
      { 'api/Dockerfile': `${BASE}\nCMD ["app.handler"]`, 'api/other.js': '' },
      'ImageConfig: { Command: [other.handler] }',
    );

    expect(definition?.handler).toBe('other.handler');
  });

  it.each([
    ['another base', 'FROM node:24\nCMD ["app.handler"]', 'only FROM public.ecr.aws/lambda/nodejs'],
    ['an entry point', `${BASE}\nENTRYPOINT ["/run.sh"]`, 'without its own ENTRYPOINT'],
    ['no command', BASE, 'add CMD ["app.handler"] to'],
    ['a handler that is not there', `${BASE}\nCMD ["gone.handler"]`, 'api/Dockerfile: the handler'],
  ])('names why it cannot run: %s', (_, dockerfile, reason) => {
    expect(read({ 'api/Dockerfile': dockerfile }).problem).toContain(reason);
  });

  it('names a Dockerfile that does not exist', () => {
    expect(read({}).problem).toContain('api/Dockerfile, which does not exist');
  });
});
