import { setTimeout as delay } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { DynaliteMissingError } from '../errors.ts';
import type { HttpAnswer } from '../http/http-answer.ts';
import { httpClient } from '../http-client.ts';
import type { CloudResource } from '../project/project.ts';
import { ACCOUNT_ID } from '../project/pseudo-parameters.ts';
import { awsFailure } from './aws-failure.ts';
import { findDynalite } from './find-dynalite.ts';
import { type Forwarded, forward } from './forward.ts';
import { ServiceProcess } from './service-process.ts';

const PROGRAM = `
  const { default: dynalite } = await import(process.argv[1]);
  const server = dynalite({ createTableMs: 0, updateTableMs: 0, deleteTableMs: 0 });
  server.listen(0, '127.0.0.1', () => ready('http://127.0.0.1:' + server.address().port));
`;

/** For a table that has been created, until dynalite serves it. */
const ACTIVE_LIMIT_MS = 5000;

export interface DynamoDbOptions {
  /** Whose dynalite it is. */
  readonly folder: string;
  readonly region: string;
  /** Called once with each thing that does not work here. */
  readonly onProblem: (problem: string) => void;
}

/** DynamoDB in memory, by the dynalite of the project. That starts with the first table, or the first request. */
export class DynamoDb {
  readonly #options: DynamoDbOptions;
  #tables: readonly CloudResource[] = [];
  /** The definitions of tables that have been created, by name. */
  readonly #created = new Map<string, string>();
  readonly #problems = new Set<string>();
  #process: ServiceProcess | undefined;
  #ready: Promise<string> | undefined;
  #isClosed = false;

  constructor(options: DynamoDbOptions) {
    this.#options = options;
  }

  /** Creates the tables among resources that are not there yet; the others keep their items. Never rejects. */
  async create(resources: readonly CloudResource[]): Promise<void> {
    this.#tables = resources.filter(({ service }) => service === 'dynamodb');
    if (this.#tables.length === 0) return;
    this.#ready = undefined;
    await this.#started().catch((error: Error) => this.#tell(error.message));
  }

  /** Answers with an error that says what to install, when dynalite is not there. */
  async answer(request: Forwarded): Promise<HttpAnswer> {
    try {
      return await forward(await this.#started(), request);
    } catch (error) {
      if (!(error instanceof DynaliteMissingError)) throw error;
      return awsFailure(400, error.name, error.message, '1.0');
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#process?.close();
  }

  /** Where dynalite is, with the tables in it. */
  #started(): Promise<string> {
    if (this.#ready) return this.#ready;
    const ready = this.#start();
    this.#ready = ready;
    // It may be installed meanwhile.
    ready.catch(() => {
      if (this.#ready === ready) this.#ready = undefined;
    });
    return ready;
  }

  async #start(): Promise<string> {
    const { folder, region } = this.#options;
    this.#process ??= new ServiceProcess({
      name: 'dynalite',
      source: PROGRAM,
      args: [pathToFileURL(findDynalite(folder)).href],
      cwd: folder,
      // It makes ARNs of them.
      env: { ...process.env, AWS_ACCOUNT_ID: ACCOUNT_ID, AWS_REGION: region },
    });
    const url = await this.#process.url;
    for (const table of this.#tables) {
      await this.#createTable(url, table).catch((error: Error) =>
        this.#tell(`${table.label} is not there locally: ${error.message}`),
      );
    }
    return url;
  }

  async #createTable(url: string, { name, label, table }: CloudResource): Promise<void> {
    const definition = JSON.stringify(table);
    const before = this.#created.get(name);
    if (before === undefined) {
      await createTable(url, { TableName: name, ...table });
      this.#created.set(name, definition);
    } else if (before !== definition) {
      this.#tell(
        `${label} keeps the keys and indexes that it had, and its items: start dev again for the new ones.`,
      );
    }
  }

  #tell(problem: string): void {
    if (this.#isClosed || this.#problems.has(problem)) return;
    this.#problems.add(problem);
    this.#options.onProblem(problem);
  }
}

/** Resolves when the table can be used. */
async function createTable(url: string, input: { readonly TableName: string }): Promise<void> {
  const { TableName } = input;
  await call(url, 'CreateTable', input).catch((error: Error) => {
    // A function was faster.
    if (!error.message.startsWith('ResourceInUseException')) throw error;
  });
  const until = Date.now() + ACTIVE_LIMIT_MS;
  while (Date.now() < until) {
    const { Table } = await call(url, 'DescribeTable', { TableName });
    if (Table?.TableStatus === 'ACTIVE') return;
    await delay(1);
  }
}

/** @throws with the error's name and message, when the answer is not a success. */
async function call(
  url: string,
  action: string,
  input: object,
): Promise<{ readonly Table?: { readonly TableStatus?: string } }> {
  const { request } = await httpClient();
  const { statusCode, body } = await request(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `DynamoDB_20120810.${action}`,
      // Required, and not verified.
      'x-amz-date': '20200101T000000Z',
      authorization:
        'AWS4-HMAC-SHA256 Credential=local/20200101/local/dynamodb/aws4_request, SignedHeaders=host, Signature=local',
    },
    body: JSON.stringify(input),
  });
  const text = await body.text();
  if (statusCode < 300) return JSON.parse(text);
  throw new Error(nameAndMessage(text));
}

function nameAndMessage(text: string): string {
  try {
    const { __type = '', message = '' } = JSON.parse(text);
    return `${__type.split('#').at(-1)}: ${message}`;
  } catch {
    return text;
  }
}
