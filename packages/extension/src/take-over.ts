import type { LifecycleEvent, Registration } from './lambda/extensions-api.ts';

/** What the launcher knows when it becomes this process. */
export interface Taken {
  /** Undefined when it has not registered, and nothing has happened yet. */
  readonly registration: Registration | undefined;
  /** The event that is being held; undefined before the first one. */
  readonly event: LifecycleEvent | undefined;
  /** The FIFO; undefined where none could be made. */
  readonly bellFd: number | undefined;
  /** What was rung, as far as it still matters. */
  readonly lines: readonly string[];
  /** Requests whose hold has ended before their end was heard. */
  readonly owed: readonly string[];
}

/** Reads the launcher's variables, and removes them: what is started from here on must not see them. */
export function takeOver(env: NodeJS.ProcessEnv): Taken {
  const take = (name: string): string | undefined => {
    const value = env[`_ASYNC_HTTP_${name}`];
    delete env[`_ASYNC_HTTP_${name}`];
    return value || undefined;
  };
  const lines = (text = '') => text.split('\n').filter((line) => line !== '');
  const identifier = take('IDENTIFIER');
  const handler = take('HANDLER') ?? '';
  const event = take('EVENT');
  const bell = take('BELL');
  take('LAUNCHER');
  return {
    registration: identifier === undefined ? undefined : { identifier, handler },
    event: event === undefined ? undefined : JSON.parse(event),
    bellFd: bell === undefined ? undefined : Number(bell),
    lines: lines(take('RUNG')),
    owed: lines(take('OWES')),
  };
}
