import { parseStore } from '@async-http/client/protocol';
import type { Finding } from '../finding.ts';
import { allows } from './allows.ts';
import { permissionUnknown } from './permission-unknown.ts';
import type { Subject } from './subject.ts';

const READ = ['GetItem'];
const KEEP = ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem'];

/** The table of `ASYNC_HTTP_STORE` has a name, the right key and a time to live, and the role may use it. */
export function checkStore(subject: Subject): Finding[] {
  const { ASYNC_HTTP_STORE: value, ASYNC_HTTP_STORE_RESULTS: results } = subject.variables;
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
  try {
    const { table } = parseStore(value);
    return [...findings, ...checkTable(table, subject), ...checkActions(table, subject)];
  } catch (error) {
    const problem = `ASYNC_HTTP_STORE ${(error as Error).message}, so every hand-off with a key would be refused.`;
    return [
      ...findings,
      { code: 'ASYNC_HTTP_CHECK_VARIABLE', severity: 'error', problem, advice: '' },
    ];
  }
}

/** Where the project declares the table. */
function checkTable(table: string, subject: Subject): Finding[] {
  const declared = declaredTable(table, subject);
  if (!declared?.table) return [];
  const { KeySchema, AttributeDefinitions } = declared.table as {
    KeySchema: readonly { AttributeName: string }[];
    AttributeDefinitions: readonly { AttributeName: string; AttributeType: string }[];
  };
  const [key, ...more] = KeySchema;
  const isString = AttributeDefinitions.some(
    ({ AttributeName, AttributeType }) => AttributeName === 'id' && AttributeType === 'S',
  );
  if (key?.AttributeName === 'id' && isString && more.length === 0)
    return checkTimeToLive(declared);
  return [
    {
      code: 'ASYNC_HTTP_CHECK_STORE',
      severity: 'error',
      problem: `ASYNC_HTTP_STORE is ${declared.label}, whose key is not a partition key of type string with the name "id", so keys and states of jobs could not be kept there.`,
      advice: 'Change the key of the table, and remove its sort key if it has one.',
    },
  ];
}

function checkTimeToLive({ label, timeToLive }: DeclaredTable): Finding[] {
  if (timeToLive === 'expiresAt') return [];
  const found =
    timeToLive === undefined
      ? 'has no time to live'
      : `deletes items by ${JSON.stringify(timeToLive)}`;
  return [
    {
      code: 'ASYNC_HTTP_CHECK_STORE',
      severity: 'warning',
      problem: `ASYNC_HTTP_STORE is ${label}, which ${found}, so keys and states of jobs stay there for ever, and are paid for.`,
      advice:
        "Set its time to live to expiresAt. In a template: TimeToLiveSpecification: { AttributeName: expiresAt, Enabled: true }, which a SimpleTable of SAM cannot have; in the CDK: timeToLiveAttribute: 'expiresAt'",
    },
  ];
}

function checkActions(table: string, subject: Subject): Finding[] {
  const { permissions } = subject.declaration;
  const arn = `arn:aws:dynamodb:::table/${table}`;
  // A function that only answers how jobs are doing reads.
  const needed = subject.variables.ASYNC_HANDLER === undefined ? READ : KEEP;
  const actions = needed
    .map((name) => `dynamodb:${name}`)
    .filter((action) => !permissions.allowed.some((statement) => allows(statement, action, arn)))
    .join(', ');
  if (actions === '') return [];
  if (!permissions.isComplete) return [permissionUnknown(actions, table)];
  const label = declaredTable(table, subject)?.label;
  const where = label === undefined ? arn : `!GetAtt ${label}.Arn`;
  return [
    {
      code: 'ASYNC_HTTP_CHECK_PERMISSION',
      severity: 'error',
      problem: `ASYNC_HTTP_STORE is ${label ?? table}, but the role does not allow ${actions} on it, so keys and states of jobs could not be kept there.`,
      advice:
        subject.declarations.tool === 'cdk'
          ? 'Grant it, e.g. table.grantReadWriteData(fn), or name the table in the AsyncHttp construct of @async-http/cdk.'
          : `Add a statement to the role: Effect: Allow, Action: [${actions}], Resource: ${where}`,
    },
  ];
}

type DeclaredTable = Subject['resources'][number];

function declaredTable(table: string, { resources }: Subject) {
  return resources.find(({ service, name }) => service === 'dynamodb' && name === table);
}
