/** Where a command writes. */
export interface Terminal {
  /** Writes a line to standard output. */
  out(line: string): void;
  /** Writes a line to standard error. */
  err(line: string): void;
  readonly colors: { readonly out: boolean; readonly err: boolean };
}

/** What a command gets from the process it runs in. */
export interface Context {
  readonly terminal: Terminal;
  /** Folder the command was started in. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: AsyncIterable<Buffer | string>;
  /** Fires at the first Ctrl-C or SIGTERM: finish and end. */
  readonly stopping: AbortSignal;
  /** Calls back once, just before a second Ctrl-C ends the program. The callback must be synchronous. */
  readonly onLeave: (work: () => void) => void;
}
