import { expect, it } from 'vitest';
import { projectFolder } from '../project/project-folder.ts';
import { startFunctionOf } from './start-function.ts';

/** The message for a handler with this content, with `.` for the folder. */
async function messageOf(source: string, files: Record<string, string> = {}): Promise<string> {
  const folder = projectFolder({
    'serverless.yml': `
provider: { name: aws, runtime: nodejs24.x }
functions: { app: { handler: src/app.handler } }`,
    'src/app.ts': source,
    ...files,
  });
  const error = await startFunctionOf(folder, 'app').catch((reason) => reason);
  expect(error.code).toBe('ASYNC_HTTP_EMULATOR_BUNDLE_FAILED');
  return error.message.replaceAll(folder, '.');
}

it('a syntax error names the file, the line and the code', async () => {
  expect(
    await messageOf('export const handler = async () => {\n  const a = ;\n};\n'),
  ).toMatchInlineSnapshot(`
    "./src/app.ts cannot be bundled:
    src/app.ts:2:13: Unexpected ";".
          const a = ;
                    ^"
  `);
});

it('a missing file is named, with the one that imports it', async () => {
  expect(
    await messageOf('export { handler } from "./inner";', {
      'src/inner.ts': 'import "./gone";\nexport const handler = 1;',
    }),
  ).toMatchInlineSnapshot(`
    "./src/app.ts cannot be bundled:
    src/inner.ts:1:8: Could not resolve "./gone".
        import "./gone";
               ^^^^^^^^"
  `);
});

it('a missing package comes with what to install', async () => {
  expect(await messageOf('import "@scope/tool/sub";')).toMatchInlineSnapshot(`
    "./src/app.ts cannot be bundled:
    src/app.ts:1:8: Could not resolve "@scope/tool/sub". Install it (npm install @scope/tool), or name it in the bundler's "external".
        import "@scope/tool/sub";
               ^^^^^^^^^^^^^^^^^"
  `);
});

it('a missing version 2 of the AWS SDK comes with what to use', async () => {
  expect(await messageOf('import { S3 } from "aws-sdk"; new S3();')).toMatchInlineSnapshot(`
    "./src/app.ts cannot be bundled:
    src/app.ts:1:20: Could not resolve "aws-sdk". Lambda's Node.js runtimes do not have version 2 of the AWS SDK: use version 3 (@aws-sdk/client-…), or install it (npm install aws-sdk).
        import { S3 } from "aws-sdk"; new S3();
                           ^^^^^^^^^"
  `);
});

it('more than five errors are counted', async () => {
  const message = await messageOf(
    Array.from({ length: 7 }, (_, index) => `import "./gone-${index}";`).join('\n'),
  );
  expect(message).toContain('gone-4');
  expect(message).not.toContain('gone-5');
  expect(message.split('\n').at(-1)).toBe('… and 2 more errors.');
});

it('options that esbuild refuses are named', async () => {
  const message = await messageOf('export const handler = 1;', {
    'serverless.yml': `
provider: { name: aws, runtime: nodejs24.x }
functions: { app: { handler: src/app.handler } }
build: { esbuild: { target: node0x } }`,
  });
  expect(message).toMatchInlineSnapshot(`
    "./src/app.ts cannot be bundled:
    Invalid version: "0x"."
  `);
});
