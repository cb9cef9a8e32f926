/** Thrown for a command line that cannot be understood. The program ends with exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  readonly code = 'ASYNC_HTTP_CHECK_USAGE';

  constructor(problem: string) {
    super(`${problem} See: async-http --help`);
  }
}

/** Thrown when there is no project to check. The program ends with exit code 2. */
export class NoProjectError extends Error {
  override readonly name = 'NoProjectError';
  readonly code = 'ASYNC_HTTP_CHECK_NO_PROJECT';

  constructor(place: string, options?: ErrorOptions) {
    super(
      `${place}, so nothing was checked. ` +
        'Name the project: npx async-http check path/to/serverless.yml (or template.yaml, cdk.json, cdk.out), or start in its folder.',
      options,
    );
  }
}
