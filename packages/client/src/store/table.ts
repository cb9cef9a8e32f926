import { AwsClient } from 'aws4fetch';
import type { StoreTarget } from '../protocol/store-target.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What an attribute is on the wire; all of ours are texts or numbers. */
type WireValue = { readonly S: string } | { readonly N: string };
type WireItem = Readonly<Record<string, WireValue>>;
export type Item = Readonly<Record<string, string | number>>;

/** A condition or an update, with what its names and values stand for. `#name` and `:name` are found in `values`. */
export interface Expression {
  readonly text: string;
  readonly values: Item;
}

/** What DynamoDB answered instead of doing it, or why there was no answer. */
export class TableError extends Error {
  /** DynamoDB's name for it, such as `ResourceNotFoundException`; `NetworkError` where there was no answer. */
  override readonly name: string;
  /** Undefined where there was no answer. */
  readonly status: number | undefined;
  /** The item that a condition was not true of, where DynamoDB says it. */
  readonly item: Item | undefined;

  constructor(
    name: string,
    message: string,
    { status, item, cause }: { status?: number; item?: Item | undefined; cause?: unknown } = {},
  ) {
    super(message, { cause });
    this.name = name;
    this.status = status;
    this.item = item;
  }
}

/**
 * A table whose partition key is the text `id`. Not by the AWS SDK: its client takes a hundred milliseconds to load, in a
 * request that waits for it.
 */
export class Table {
  readonly #target: StoreTarget;
  readonly #env: Environment;
  #client: { readonly aws: AwsClient; readonly url: string } | undefined;

  constructor(target: StoreTarget, env: Environment) {
    this.#target = target;
    this.#env = env;
  }

  /** @throws {TableError} `ConditionalCheckFailedException` when the condition is not true */
  async put(item: Item, condition: Expression, signal: AbortSignal): Promise<void> {
    await this.#call(
      'PutItem',
      {
        Item: toWire(item),
        ConditionExpression: condition.text,
        ...namesAndValues(condition),
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      },
      signal,
    );
  }

  /** A strongly consistent read. */
  async get(id: string, signal: AbortSignal): Promise<Item | undefined> {
    const { Item: item } = await this.#call(
      'GetItem',
      { Key: toWire({ id }), ConsistentRead: true },
      signal,
    );
    return item && fromWire(item);
  }

  /** @throws {TableError} as `put` does; there has to be an item for the condition to be true */
  async update(
    id: string,
    update: string,
    condition: Expression,
    signal: AbortSignal,
  ): Promise<void> {
    await this.#call(
      'UpdateItem',
      {
        Key: toWire({ id }),
        UpdateExpression: update,
        ConditionExpression: condition.text,
        ...namesAndValues({ text: `${update} ${condition.text}`, values: condition.values }),
      },
      signal,
    );
  }

  /** @throws {TableError} as `update` does */
  async delete(id: string, condition: Expression, signal: AbortSignal): Promise<void> {
    await this.#call(
      'DeleteItem',
      { Key: toWire({ id }), ConditionExpression: condition.text, ...namesAndValues(condition) },
      signal,
    );
  }

  async #call(
    operation: string,
    input: object,
    signal: AbortSignal,
  ): Promise<{ Item?: WireItem | undefined }> {
    const { aws, url } = this.#open();
    let status: number;
    let text: string;
    try {
      const request = await aws.sign(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/x-amz-json-1.0',
          'x-amz-target': `DynamoDB_20120810.${operation}`,
        },
        body: JSON.stringify({ TableName: this.#target.table, ...input }),
      });
      // DynamoDB never redirects: something else has answered.
      const response = await fetch(request, { signal, redirect: 'manual' });
      ({ status } = response);
      text = await response.text();
    } catch (cause) {
      const reason = (cause as Error).cause ?? cause;
      throw new TableError('NetworkError', (reason as Error).message, { cause });
    }
    const answer = parse(text);
    if (status === 200 && answer) return answer;
    const {
      __type: type = '',
      message = answer?.Message ?? text.slice(0, 200),
      Item,
    } = answer ?? {};
    const name = String(type).split('#').at(-1) || `HTTP status ${status}`;
    throw new TableError(name, String(message), { status, item: Item && fromWire(Item) });
  }

  #open(): { readonly aws: AwsClient; readonly url: string } {
    if (this.#client) return this.#client;
    const env = this.#env;
    const region = this.#target.region ?? env.AWS_REGION ?? '';
    const domain = region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com';
    const url =
      env.AWS_ENDPOINT_URL_DYNAMODB ||
      env.AWS_ENDPOINT_URL ||
      `https://dynamodb.${region}.${domain}`;
    const aws = new AwsClient({
      accessKeyId: env.AWS_ACCESS_KEY_ID ?? '',
      secretAccessKey: env.AWS_SECRET_ACCESS_KEY ?? '',
      ...(env.AWS_SESSION_TOKEN && { sessionToken: env.AWS_SESSION_TOKEN }),
      service: 'dynamodb',
      region,
    });
    this.#client = { aws, url };
    return this.#client;
  }
}

interface Answer {
  readonly __type?: unknown;
  readonly message?: unknown;
  readonly Message?: unknown;
  readonly Item?: WireItem;
}

/** @returns undefined for anything but the object that DynamoDB answers */
function parse(text: string): Answer | undefined {
  try {
    const answer = JSON.parse(text);
    const isObject = typeof answer === 'object' && answer !== null && !Array.isArray(answer);
    return isObject ? answer : undefined;
  } catch {
    return undefined;
  }
}

/** Many words are reserved in expressions, so each name is a placeholder. */
function namesAndValues({ text, values }: Expression): object {
  const names = [...new Set(text.match(/#\w+/g))];
  const used = Object.entries(values).filter(([name]) => text.includes(`:${name}`));
  return {
    ...(names.length > 0 && {
      ExpressionAttributeNames: Object.fromEntries(names.map((name) => [name, name.slice(1)])),
    }),
    ...(used.length > 0 && {
      ExpressionAttributeValues: toWire(
        Object.fromEntries(used.map(([name, value]) => [`:${name}`, value])),
      ),
    }),
  };
}

function toWire(item: Item): WireItem {
  return Object.fromEntries(
    Object.entries(item).map(([name, value]) => [
      name,
      typeof value === 'number' ? { N: String(value) } : { S: value },
    ]),
  );
}

/** Without attributes of other types, which other programs may have written. */
function fromWire(item: WireItem): Item {
  const entries: [string, string | number][] = [];
  for (const [name, value] of Object.entries(item)) {
    const { S: text, N: number } = Object(value) as { S?: unknown; N?: unknown };
    if (typeof text === 'string') entries.push([name, text]);
    else if (typeof number === 'string') entries.push([name, Number(number)]);
  }
  return Object.fromEntries(entries);
}
