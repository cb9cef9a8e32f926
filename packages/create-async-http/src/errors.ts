/** Thrown for arguments that cannot be understood. The program ends with exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly code = 'ASYNC_HTTP_CREATE_USAGE';

  constructor(problem: string) {
    super(`${problem} Nothing was written. See: npm create async-http@latest -- --help`);
  }
}

/** Thrown when files in the folder could be mistaken for, or replaced by, those of the project. */
export class FolderNotEmptyError extends Error {
  override readonly name = 'FolderNotEmptyError';
  readonly code = 'ASYNC_HTTP_CREATE_FOLDER_NOT_EMPTY';
  readonly folder: string;

  constructor({ folder, names }: { folder: string; names: readonly [string, ...string[]] }) {
    const more = names.length > 1 ? ` and ${names.length - 1} more` : '';
    super(
      `The folder ${folder} is not empty: it has ${names[0]}${more}. Nothing was written. ` +
        'Name a new folder, or empty this one first.',
    );
    this.folder = folder;
  }
}

/** Thrown when the project's folder cannot be made or filled. What had been written is removed. */
export class FolderUnusableError extends Error {
  override readonly name = 'FolderUnusableError';
  readonly code = 'ASYNC_HTTP_CREATE_FOLDER_UNUSABLE';
  readonly folder: string;

  constructor({ folder, cause }: { folder: string; cause: unknown }) {
    super(
      `The project cannot be written to ${folder}: ${reasonOf(cause)}. Nothing was left there. ` +
        'Name another folder, or correct that first.',
      { cause },
    );
    this.folder = folder;
  }
}

/** Thrown when the user answers a question with Ctrl-C. The program ends with exit code 130. */
export class CancelledError extends Error {
  override readonly name = 'CancelledError';
  readonly code = 'ASYNC_HTTP_CREATE_CANCELLED';

  constructor() {
    super('Cancelled. Nothing was written.');
  }
}

function reasonOf(cause: unknown): string {
  const { code, message } = cause as NodeJS.ErrnoException;
  return code === 'ENOTDIR' || code === 'EEXIST'
    ? 'it, or a folder that it would be in, is a file'
    : message;
}
