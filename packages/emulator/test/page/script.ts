import type { PageEntry, PageEvent } from '../../page/state/page-event.ts';
import type { RecordedFunction } from '../../src/recording/recording.ts';

type Details<Event> = Event extends PageEvent
  ? Omit<Event, 'at' | 'functionName' | 'environmentId'>
  : never;
/** An event without what the script adds. */
export type ScriptedEvent = Details<PageEvent>;

export const FUNCTIONS: readonly RecordedFunction[] = [
  { name: 'orders', memoryMiB: 512, timeoutMs: 30_000, runtime: 'nodejs24.x' },
  { name: 'report', memoryMiB: 256, timeoutMs: 60_000, runtime: 'nodejs24.x' },
];

/** Writes down what happens in a run, at instants that it says. */
export class Script {
  readonly entries: PageEntry[] = [];
  readonly startAt: number;
  #requests = 0;

  constructor(startAt: number) {
    this.startAt = startAt;
  }

  /** Anything, that many ms after the start. */
  add(afterMs: number, event: Omit<PageEvent, 'at'> & { type: PageEvent['type'] }): void {
    const at = this.startAt + afterMs;
    this.entries.push({ seq: this.entries.length, event: { at, ...event } as PageEvent });
  }

  environment(functionName: string, environmentId: string) {
    return (afterMs: number, event: ScriptedEvent) =>
      this.add(afterMs, { functionName, environmentId, ...event } as never);
  }

  http(afterMs: number, method: string, target: string, functionName: string): number {
    this.#requests += 1;
    const routeKey = `${method} ${target}`;
    const request = this.#requests;
    this.add(afterMs, {
      type: 'http.request',
      request,
      method,
      target,
      functionName,
      routeKey,
    } as never);
    return request;
  }

  replied(
    afterMs: number,
    request: number,
    statusCode: number,
    durationMs: number,
    requestId: string,
  ): void {
    this.add(afterMs, {
      type: 'http.response',
      request,
      statusCode,
      durationMs,
      requestId,
    } as never);
  }

  /** From nothing to an environment that is ready, with one extension. */
  coldStart(functionName: string, environmentId: string, from: number, to: number): void {
    const on = this.environment(functionName, environmentId);
    on(from, { type: 'environment.starting', cause: 'request' });
    on(from + 20, {
      type: 'extension.registered',
      name: 'async-http',
      events: ['INVOKE', 'SHUTDOWN'],
    });
    on(to - 8, { type: 'extension.next', name: 'async-http' });
    on(to, { type: 'init.done', durationMs: to - from });
  }
}

export function consoleLine(requestId: string, text: string, level = 'INFO'): string {
  return `2026-11-30T14:47:39.841Z\t${requestId}\t${level}\t${text}`;
}
