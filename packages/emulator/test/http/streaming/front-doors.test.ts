import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { runtimes } from '../../support/start.ts';
import { startStreaming } from './start-streaming.ts';

const doors = ['function URL', 'REST API'] as const;

/** Sends a request, and resolves with the head of the response. */
async function get(
  port: number,
  door: (typeof doors)[number],
  mode: string,
): Promise<IncomingMessage> {
  const host = door === 'REST API' ? 'localhost' : 'stream.lambda-url.localhost';
  const sent = request({ port, path: `/?mode=${mode}`, headers: { host }, agent: false }).end();
  const [response] = await once(sent, 'response');
  return response;
}

const nextPart = async (response: IncomingMessage) => String((await once(response, 'data'))[0]);

describe.each(doors)('a streamed response of a %s', (door) => {
  it.each(runtimes)('reaches the client while the function writes it, %s', async (runtime) => {
    const { port, gate, events } = await startStreaming({ runtime });

    const response = await get(port, door, 'gated');

    expect(await nextPart(response)).toBe('first ');
    expect(response.statusCode).toBe(201);
    expect(response.headers).toMatchObject({
      'content-type': 'text/x',
      'x-one': 'a',
      'set-cookie': ['a=1', 'b=2'],
      'transfer-encoding': 'chunked',
    });
    expect(events.map(({ type }) => type)).toEqual(['http.request']);
    await gate.open();
    expect(await text(response)).toBe('second');
    await expect
      .poll(() => events.at(-1))
      .toMatchObject({ type: 'http.response', statusCode: 201, requestId: expect.any(String) });
  });

  it('is cut off when the function fails behind the first byte', async () => {
    const { port, gate, events } = await startStreaming();

    const response = await get(port, door, 'late');
    await gate.open();

    await expect(text(response)).rejects.toThrow('aborted');
    await expect
      .poll(() => events.at(-1))
      .toMatchObject({ statusCode: 201, problem: 'the function failed' });
  });

  it('is cut off when the time of the function is up', async () => {
    const { port } = await startStreaming({ timeoutMs: 2_000 });

    const response = await get(port, door, 'gated');

    await expect(text(response)).rejects.toThrow('aborted');
  });

  it.each([
    ['the function fails before the first byte', 'early'],
    ['its metadata is malformed', 'malformed'],
    ['its metadata is larger than 16 KB', 'endless'],
    ['it ends before the delimiter', 'cut'],
  ])('is 502 when %s', async (_, mode) => {
    const { port } = await startStreaming();

    expect((await get(port, door, mode)).statusCode).toBe(502);
  });

  it('is written to its end when the client goes away', async () => {
    const { port, gate, lambda } = await startStreaming();
    const response = await get(port, door, 'gated');

    response.destroy();
    await gate.open();

    await lambda('stream').idle();
    expect(lambda('stream').timeline).toContainEqual(
      expect.objectContaining({ type: 'invoke.end', status: 'success' }),
    );
  });
});

describe('a response without metadata', () => {
  it('is the body of a function URL, with its own content type', async () => {
    const { port, gate } = await startStreaming();

    const response = await get(port, 'function URL', 'plain');
    await gate.open();

    expect([response.statusCode, response.headers['content-type']]).toEqual([200, 'text/plain']);
    expect(await text(response)).toBe('first second');
  });

  it('is the unchanged body of a function URL when the handler does not stream', async () => {
    const { port } = await startStreaming({ handler: 'buffered' });

    const response = await get(port, 'function URL', '');

    expect(response.headers['content-type']).toBe('application/json');
    expect(await text(response)).toBe('{"statusCode":201,"body":"text"}');
  });

  it.each(['handler', 'buffered'])('is 502 of a REST API: %s', async (handler) => {
    const { port, gate } = await startStreaming({ handler });

    const response = get(port, 'REST API', 'plain');
    if (handler === 'handler') await gate.open();

    expect((await response).statusCode).toBe(502);
  });
});
