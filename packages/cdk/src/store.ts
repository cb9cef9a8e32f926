import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';

const ACTIONS = ['GetItem', 'PutItem', 'UpdateItem', 'DeleteItem'];

/**
 * Allows a function to keep keys and states of jobs in a table, and nothing else.
 *
 * @returns the ARN for the variable
 */
export function grantStore(grantee: IGrantable, table: ITable): string {
  table.grant(grantee, ...ACTIONS.map((action) => `dynamodb:${action}`));
  table.encryptionKey?.grantEncryptDecrypt(grantee);
  return table.tableArn;
}
