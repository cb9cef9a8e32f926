import type { Lambda, LambdaEvent } from '@async-http/emulator';

/** @throws when the function did not reply as all of the compared ones have to. */
export async function invoke(lambda: Lambda, event: unknown): Promise<void> {
  const { payload } = await lambda.invoke(event);
  const reply = payload.toString();
  // Ours names its job in a header.
  if (!reply.startsWith('{"statusCode":200,"body":"ok"'))
    throw new Error(`${lambda.name} replied ${reply}`);
}

/** The last event of this type, of the function's one environment. */
export function lastEvent<Type extends LambdaEvent['type']>(
  lambda: Lambda,
  type: Type,
): Extract<LambdaEvent, { type: Type }> {
  const event = lambda.timeline.findLast((each) => each.type === type);
  if (event === undefined) throw new Error(`${lambda.name} has had no ${type}.`);
  return event as Extract<LambdaEvent, { type: Type }>;
}

/** How long the INIT phase of a new environment takes, and its first response; ms. The environment ends. */
export async function coldStart(
  lambda: Lambda,
  event: unknown = {},
): Promise<{ initMs: number; responseMs: number }> {
  const before = lambda.timeline.length;
  await invoke(lambda, event);
  await lambda.idle();
  const isInitRepeated = lambda.timeline.slice(before).some(({ type }) => type === 'init.failed');
  const initMs = lastEvent(lambda, 'init.done').durationMs;
  const responseMs = lastEvent(lambda, 'response').durationMs;
  await lambda.shutdown();
  if (isInitRepeated) throw new Error('INIT took more than 10 s: the machine is too busy.');
  return { initMs, responseMs };
}

/** What the caller of a warm function waits for, in ms: from the event's delivery to the response. */
export async function responseMs(lambda: Lambda, event: unknown): Promise<number> {
  await invoke(lambda, event);
  await lambda.idle();
  return lastEvent(lambda, 'response').durationMs;
}

/** What is billed after the response, in ms. */
export async function tailMs(lambda: Lambda, event: unknown): Promise<number> {
  await invoke(lambda, event);
  await lambda.idle();
  return lastEvent(lambda, 'invoke.end').tailMs;
}
