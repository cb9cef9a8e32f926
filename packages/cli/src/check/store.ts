import { parseStore } from '@async-http/client/protocol';
import type { Finding } from '../finding.ts';
import { allows } from './allows.ts';
import { permissionUnknown } from './permission-unknown.ts';
import type { Subject } from './subject.ts';

const READ = ['GetItem'];
const KEEP = ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem'];

/** The table of `ASYNC_HTTP_STORE` has a name, and the role may use it. */
export function checkStore({
  declaration: { permissions },
  declarations: { tool },
  resources,
  variables,
}: Subject): Finding[] {
  const { ASYNC_HTTP_STORE: value, ASYNC_HTTP_STORE_RESULTS: results, ASYNC_HANDLER } = variables;
  const findings: Finding[] = [];
  if (results !== undefined && results !== 'on') {
    findings.push({
      code: 'ASYNC_HTTP_CHECK_VARIABLE',
      severity: 'warning',
      problem: `ASYNC_HTTP_STORE_RESULTS must be "on", or not set; it is ${JSON.stringify(results)}, so no results are kept.`,
      advice: '',
    });
  }
  if (value === undefined) return findings;
  let table: string;
  try {
    ({ table } = parseStore(value));
  } catch (error) {
    findings.push({
      code: 'ASYNC_HTTP_CHECK_VARIABLE',
      severity: 'error',
      problem: `ASYNC_HTTP_STORE ${(error as Error).message}, so every hand-off with a key would be refused.`,
      advice: '',
    });
    return findings;
  }
  const arn = `arn:aws:dynamodb:::table/${table}`;
  // A function that only answers how jobs are doing reads.
  const needed = (ASYNC_HANDLER === undefined ? READ : KEEP).map((name) => `dynamodb:${name}`);
  const missing = needed.filter(
    (action) => !permissions.allowed.some((statement) => allows(statement, action, arn)),
  );
  if (missing.length === 0) return findings;
  const actions = missing.join(', ');
  if (!permissions.isComplete) return [...findings, permissionUnknown(actions, table)];
  const label = resources.find(
    ({ service, name }) => service === 'dynamodb' && name === table,
  )?.label;
  const where = label === undefined ? arn : `!GetAtt ${label}.Arn`;
  findings.push({
    code: 'ASYNC_HTTP_CHECK_PERMISSION',
    severity: 'error',
    problem: `ASYNC_HTTP_STORE is ${label ?? table}, but the role does not allow ${actions} on it, so keys and states of jobs could not be kept there.`,
    advice:
      tool === 'cdk'
        ? 'Grant it, e.g. table.grantReadWriteData(fn), or name the table in the AsyncHttp construct of @async-http/cdk.'
        : `Add a statement to the role: Effect: Allow, Action: [${actions}], Resource: ${where}`,
  });
  return findings;
}
