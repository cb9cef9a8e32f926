/** Thrown for a command line that cannot be understood. The program ends with exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly code = 'ASYNC_HTTP_EMULATOR_USAGE';

  constructor(problem: string) {
    super(`${problem} See: async-http-emulator --help`);
  }
}

/** Thrown when the project has no function of that name. */
export class FunctionUnknownError extends Error {
  override readonly name = 'FunctionUnknownError';
  readonly code = 'ASYNC_HTTP_EMULATOR_FUNCTION_UNKNOWN';

  constructor({ name, file, known }: { name: string; file: string; known: readonly string[] }) {
    super(`${file} has no function ${name}, so nothing was run. It has: ${known.join(', ')}.`);
  }
}

/** Thrown when the recording of a run cannot be written. */
export class RecordFileError extends Error {
  override readonly name = 'RecordFileError';
  readonly code = 'ASYNC_HTTP_EMULATOR_RECORD_FILE';

  constructor({ file, cause }: { file: string; cause: unknown }) {
    super(
      `The recording cannot be written to ${file} (${(cause as Error).message}). ` +
        'Name a file in a folder that is there and may be written to.',
      { cause },
    );
  }
}

/** Thrown when the event for `invoke` cannot be read. */
export class EventFileError extends Error {
  override readonly name = 'EventFileError';
  readonly code = 'ASYNC_HTTP_EMULATOR_EVENT_FILE';

  constructor({ file, cause }: { file: string; cause: unknown }) {
    super(
      `The event ${file} is no JSON that could be read (${(cause as Error).message}), so nothing was run. ` +
        'Name a file with the event as JSON, or - for standard input.',
      { cause },
    );
  }
}
