import { callRuntimeApi, type RuntimeApi } from '../protocol/runtime-api.ts';

export interface InvokeEvent {
  readonly requestId: string;
  /** Wall-clock ms since the epoch. */
  readonly deadlineMs: number;
}

/**
 * Asks Lambda for the next invocation, which also says that this extension is done with the last one. Keeps no
 * process alive.
 *
 * @throws when Lambda refuses, or the connection breaks
 * @see Extensions API, "Next": https://docs.aws.amazon.com/lambda/latest/dg/runtimes-extensions-api.html#extensions-api-next
 */
export async function nextEvent(api: RuntimeApi, identifier: string): Promise<InvokeEvent> {
  const { status, body } = await callRuntimeApi(
    api,
    {
      method: 'GET',
      path: '/2020-01-01/extension/event/next',
      headers: { 'Lambda-Extension-Identifier': identifier },
    },
    { keepsAlive: false },
  );
  if (status !== 200) throw new Error(`Lambda answered ${status} ${body}`);
  return JSON.parse(body);
}
