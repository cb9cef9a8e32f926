import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { SHELLS, startLauncher } from '../support/launcher.ts';

const spaced = (json: string) =>
  JSON.stringify(JSON.parse(json), null, 2).replaceAll('":', '" :\t');

describe.each(SHELLS)("Lambda's answers are understood, in $name,", ({ options }) => {
  it.each<[string, (response: ServerResponse, status: number, json: string) => void]>([
    [
      'in chunks',
      (response, status, json) => {
        response.writeHead(status);
        for (const part of [json.slice(0, 5), json.slice(5, 6), json.slice(6)])
          response.write(part);
        response.end();
      },
    ],
    [
      'without a length, until the connection is closed',
      (response, status, json) => {
        response.useChunkedEncodingByDefault = false;
        response.writeHead(status, { Connection: 'close' }).end(json);
      },
    ],
    [
      'with spaces and line ends in its JSON',
      (response, status, json) => {
        const text = spaced(json);
        response.writeHead(status, { 'CONTENT-LENGTH': Buffer.byteLength(text) }).end(text);
      },
    ],
    [
      'with characters of several bytes',
      (response, status, json) => {
        const text = json.replace('{', '{"é":"日本語",');
        response.writeHead(status, { 'content-length': Buffer.byteLength(text) }).end(text);
      },
    ],
  ])('%s', async (_, write) => {
    const launcher = await startLauncher({ ...options, handler: 'src/größe.handler', write });
    await launcher.announced();
    launcher.api.invoke('r1');
    launcher.ring('E r1');
    await launcher.api.asked();
    launcher.api.invoke('r2', 1_900_000_000_000);

    launcher.ring('J 1 0 400 1.0 17 r2.1', 'E r2');

    const { env, event } = await launcher.tookOver();
    expect(env._ASYNC_HTTP_HANDLER).toBe('src/größe.handler');
    expect(event).toMatchObject({
      requestId: 'r2',
      deadlineMs: 1_900_000_000_000,
    });
    expect(launcher.stderr).toBe('');
  });
});

it('an extension that Lambda does not register says why, and fails', async () => {
  const launcher = await startLauncher({ registerStatus: 403 });

  const { stdout } = await launcher.output();

  expect(await launcher.exited).toBe(1);
  expect(stdout).toMatch(
    /\tERROR\t\[async-http\] Lambda's POST \/extension\/register answered 403: \{'functionName'/,
  );
});
