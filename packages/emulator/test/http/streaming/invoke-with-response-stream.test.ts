import type { InvokeWithResponseStreamResponseEvent } from '@aws-sdk/client-lambda';
import { expect, it } from 'vitest';
import { lambda as sdk } from '../../local-aws/aws-sdk.ts';
import { type StreamingApi, startStreaming } from './start-streaming.ts';

const { InvokeWithResponseStreamCommand, LambdaClient } = sdk;

async function invoke(
  { url }: StreamingApi,
  payload: object,
  type: 'RequestResponse' | 'DryRun' = 'RequestResponse',
) {
  const client = new LambdaClient({
    endpoint: url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'key', secretAccessKey: 'secret' },
    maxAttempts: 1,
  });
  return client.send(
    new InvokeWithResponseStreamCommand({
      FunctionName: 'stream',
      InvocationType: type,
      Payload: Buffer.from(JSON.stringify(payload)),
    }),
  );
}

/** Parts as text, and what the last event says. */
async function readEvents(stream: AsyncIterable<InvokeWithResponseStreamResponseEvent> = none()) {
  const events: unknown[] = [];
  for await (const { PayloadChunk, InvokeComplete } of stream) {
    events.push(PayloadChunk ? Buffer.from(PayloadChunk.Payload ?? []).toString() : InvokeComplete);
  }
  return events;
}

async function* none() {}

it('the AWS SDK gets each part when the function writes it, and a last event', async () => {
  const api = await startStreaming();

  const { EventStream, StatusCode, ExecutedVersion } = await invoke(api, { mode: 'plain' });
  const events = EventStream?.[Symbol.asyncIterator]();
  const first = await events?.next();

  expect([StatusCode, ExecutedVersion]).toEqual([200, '$LATEST']);
  expect(Buffer.from(first?.value.PayloadChunk?.Payload ?? []).toString()).toBe('first ');
  await api.gate.open();
  const second = await events?.next();
  expect(Buffer.from(second?.value.PayloadChunk?.Payload ?? []).toString()).toBe('second');
  expect((await events?.next())?.value).toEqual({ InvokeComplete: {} });
  expect((await events?.next())?.done).toBe(true);
});

it('metadata is a part of the stream', async () => {
  const api = await startStreaming();

  const { EventStream } = await invoke(api, { mode: 'gated' });
  await api.gate.open();

  const parts = (await readEvents(EventStream)).slice(0, -1).join('');
  expect(parts).toMatch(/^\{"statusCode":201,.*\}\0{8}first second$/);
});

it('a response that is not streamed is one part', async () => {
  const api = await startStreaming({ handler: 'buffered' });

  const { EventStream } = await invoke(api, {});

  expect(await readEvents(EventStream)).toEqual(['{"statusCode":201,"body":"text"}', {}]);
});

it.each([
  ['before the first byte', 'early', []],
  ['behind it', 'late', [expect.stringContaining('first ')]],
])('an error %s is in the last event', async (_, mode, parts) => {
  const api = await startStreaming();

  const { EventStream } = await invoke(api, { mode });
  if (mode === 'late') await api.gate.open();

  const events = await readEvents(EventStream);
  const last = events.at(-1) as { ErrorCode: string; ErrorDetails: string };
  expect(last.ErrorCode).toBe('Unhandled');
  expect(JSON.parse(last.ErrorDetails)).toMatchObject({ errorType: 'Error' });
  expect(events.slice(0, -1).join('')).toEqual(parts[0] ?? '');
});

it('an invocation type that it does not know is refused', async () => {
  const api = await startStreaming();

  const refused = invoke(api, {}, 'Event' as 'DryRun');

  await expect(refused).rejects.toMatchObject({ name: 'InvalidParameterValueException' });
  expect((await invoke(api, {}, 'DryRun')).StatusCode).toBe(204);
});
