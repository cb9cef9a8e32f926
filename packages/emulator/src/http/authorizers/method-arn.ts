/** ARN of what a request calls, for policies. `path` is that of the request, without the stage. */
export const methodArn = ({
  stage,
  method,
  path,
}: {
  readonly stage: string;
  readonly method: string;
  readonly path: string;
}): string => `arn:aws:execute-api:us-east-1:123456789012:local/${stage}/${method}${path}`;
