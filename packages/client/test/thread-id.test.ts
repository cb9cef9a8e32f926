import { describe, expect, it } from 'vitest';
import { runProgram } from './run-program.ts';

const thread = (program: string) => `
  import { once } from 'node:events';
  import { Worker } from 'node:worker_threads';
  const source = ${JSON.stringify(program)};
  await once(new Worker(new URL('data:text/javascript,' + encodeURIComponent(source))), 'exit');
`;
const PRINT = `
  const { threadId } = await import('${new URL('../src/thread-id.ts', import.meta.url)}');
  console.log(threadId());
`;

describe('the id of a thread', () => {
  it('is 0 in the main thread', async () => {
    expect((await runProgram(PRINT)).output).toBe('0\n');
  });

  it('is that of Node.js in another thread', async () => {
    const program = `${PRINT} console.log((await import('node:worker_threads')).threadId);`;

    expect((await runProgram(thread(program))).output).toMatch(/^([1-9]\d*)\n\1\n$/);
  });
});

it('the main thread loads no module for threads, which would be billed in every INIT', async () => {
  const program = `
    import '@async-http/client';
    console.log(process.moduleLoadList.includes('NativeModule worker_threads'));
  `;

  expect((await runProgram(program)).output).toBe('false\n');
});
