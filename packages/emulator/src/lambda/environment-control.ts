import type { ShutdownReason } from '../lambda-types.ts';

/** What can be done by hand to one environment. */
export interface EnvironmentControl {
  readonly id: string;
  /**
   * Stops all its processes, also in the middle of an invoke, whose time limit keeps running.
   *
   * @throws code `ASYNC_HTTP_EMULATOR_ACTION_IMPOSSIBLE`.
   */
  freeze(): Promise<void>;
  /**
   * Lets its processes run, also without an invoke; the end of the next one freezes it again.
   *
   * @throws code `ASYNC_HTTP_EMULATOR_ACTION_IMPOSSIBLE`.
   */
  thaw(): Promise<void>;
  /**
   * Reports in the timeline what the function has started and not ended by now.
   *
   * @throws code `ASYNC_HTTP_EMULATOR_ACTION_IMPOSSIBLE` when it is frozen, or without `trackUnfinished`.
   */
  showPending(): Promise<void>;
  /**
   * SIGKILL to one process; resolves when it is gone.
   *
   * @throws code `ASYNC_HTTP_EMULATOR_ACTION_IMPOSSIBLE` when there is no such process.
   */
  kill(process: 'runtime' | { readonly extension: string }): Promise<void>;
  /**
   * SHUTDOWN. While it works, only a fault can end it: `failure`, or `timeout`, as if its time was over.
   *
   * @throws code `ASYNC_HTTP_EMULATOR_ACTION_IMPOSSIBLE`.
   */
  shutdown(reason: ShutdownReason): Promise<void>;
  /**
   * SIGKILL to the programs that its extensions have started, and that have started none themselves.
   *
   * @throws code `ASYNC_HTTP_EMULATOR_ACTION_IMPOSSIBLE` when there are none.
   */
  killWorkers(): Promise<void>;
  /**
   * Stops the same programs for that long.
   *
   * @throws code `ASYNC_HTTP_EMULATOR_ACTION_IMPOSSIBLE` when there are none.
   */
  pauseWorkers(ms: number): Promise<void>;
}
