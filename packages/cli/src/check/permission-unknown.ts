import type { Finding } from '../finding.ts';

/** The note about a role that is not wholly in the project. */
export function permissionUnknown(action: string, name: string): Finding {
  return {
    code: 'ASYNC_HTTP_CHECK_PERMISSION_UNKNOWN',
    severity: 'note',
    problem: `Parts of the function's role are not in the project, so whether it allows ${action} on ${name} was not checked.`,
    advice: '',
  };
}
