import { Wrong } from './destination-arn.ts';

/** A table of DynamoDB, as `ASYNC_HTTP_STORE` names it. */
export interface StoreTarget {
  readonly table: string;
  /** Undefined for that of the function. */
  readonly region: string | undefined;
}

/**
 * Takes the name or the ARN of a table. Whether it exists and may be used shows with the first request.
 *
 * @throws {Wrong}
 * @see DynamoDB, "Naming rules": 3 to 255 characters
 */
export function parseStore(value: string): StoreTarget {
  const [, region, table] =
    /^(?:arn:aws[\w-]*:dynamodb:([\w-]+):\d{12}:table\/)?([\w.-]{3,255})$/.exec(value) ?? [];
  if (table === undefined) {
    throw new Wrong(
      `must be the name or the ARN of a DynamoDB table; it is ${JSON.stringify(value)}`,
    );
  }
  return { table, region };
}
