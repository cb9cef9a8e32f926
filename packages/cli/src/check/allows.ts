import { matchesPattern, type PolicyStatement } from '@async-http/emulator';

/** Whether a statement of a policy allows this action on this resource, in whatever Region and account. */
export function allows(
  { actions, resources }: PolicyStatement,
  action: string,
  arn: string,
): boolean {
  return (
    actions.some((pattern) => matchesPattern(pattern.toLowerCase(), action.toLowerCase())) &&
    resources.some((pattern) => matchesPattern(anywhere(pattern), anywhere(arn)))
  );
}

/** Without region and account: before the deploy, they may be stand-ins in one place and the real ones in another. */
function anywhere(arn: string): string {
  const [prefix, , service, , , ...rest] = arn.split(':');
  return rest.length === 0 ? arn : [prefix, '', service, '', '', ...rest].join(':');
}
