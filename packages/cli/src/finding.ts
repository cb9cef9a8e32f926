/** What `check` can find. */
export type CheckCode = `ASYNC_HTTP_CHECK_${
  | 'VARIABLE'
  | 'VARIABLE_MISSING'
  | 'REFERENCE'
  | 'UNKNOWN_VALUE'
  | 'IMAGE'
  | 'RUNTIME'
  | 'TIMEOUT'
  | 'MEMORY'
  | 'PROXY'
  | 'LAYER_MISSING'
  | 'LAYER_UNDECLARED'
  | 'LAYER_FILE'
  | 'LAYER_UNKNOWN'
  | 'HANDLER_FILE'
  | 'HANDLER_NOT_BUILT'
  | 'HANDLER_EXPORT'
  | 'HANDLER_SYNTAX'
  | 'HANDLER_UNKNOWN'
  | 'PERMISSION'
  | 'PERMISSION_UNKNOWN'
  | 'STORE'
  | 'WORKER_ANSWER'
  | 'WORKER_VISIBILITY'
  | 'WORKER_MISSING'}`;

/** `error`: jobs would not run. `warning`: probably a mistake. `note`: what could not be checked. */
export type Severity = 'error' | 'warning' | 'note';

export interface Finding {
  readonly code: CheckCode;
  readonly severity: Severity;
  /** What is wrong, and what it means. */
  readonly problem: string;
  /** What to do. */
  readonly advice: string;
}

/** All that was found about one function. */
export interface FunctionReport {
  readonly name: string;
  readonly place: { readonly file: string; readonly line?: number | undefined };
  readonly findings: readonly Finding[];
}

export interface Report {
  /** The project file, absolute. */
  readonly file: string;
  /** Only functions that use async-http. */
  readonly functions: readonly FunctionReport[];
  /** Functions that do not. */
  readonly others: number;
}
