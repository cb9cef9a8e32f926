import { fileURLToPath } from 'node:url';
import { httpClient } from '../http-client.ts';
import { FAUXQS_ACCOUNT } from './account.ts';
import { ServiceProcess } from './service-process.ts';

// Its own startFauxqs() listens on all interfaces.
const PROGRAM = `
  import { buildApp } from 'fauxqs';
  const app = buildApp({ logger: false, defaultRegion: process.argv[1] });
  ready(await app.listen({ port: 0, host: '127.0.0.1' }));
`;

/** A message of a queue, as ReceiveMessage has it. */
export interface ReceivedMessage {
  readonly MessageId: string;
  readonly ReceiptHandle: string;
  readonly Body: string;
  readonly MD5OfBody: string;
  readonly MD5OfMessageAttributes?: string;
  readonly Attributes?: Readonly<Record<string, string>>;
  readonly MessageAttributes?: Readonly<Record<string, MessageAttribute>>;
}

export interface MessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string;
  readonly BinaryValue?: string;
}

interface Call {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

interface QueueContent {
  readonly messages?: {
    readonly ready: readonly StoredMessage[];
    readonly delayed: readonly StoredMessage[];
    readonly inflight: readonly { readonly message: StoredMessage }[];
  };
}

/** A message that stays in its queue. */
export interface StoredMessage {
  readonly messageId: string;
  readonly body: string;
}

/** SQS, SNS and S3 of the package fauxqs, in their own process, which starts while other things do. */
export class Fauxqs {
  readonly #process: ServiceProcess;

  constructor(region: string) {
    this.#process = new ServiceProcess({
      name: 'fauxqs',
      source: PROGRAM,
      args: [region],
      // The package is found from here.
      cwd: fileURLToPath(new URL('.', import.meta.url)),
    });
  }

  /** Where it listens, on loopback. */
  get url(): Promise<string> {
    return this.#process.url;
  }

  /** Calls SQS; the queue's ARN takes the place of its URL. */
  async sqs<T>(action: string, arn: string, input: object): Promise<T> {
    const [, , , region = '', , name = ''] = arn.split(':');
    const url = `https://sqs.${region}.amazonaws.com/${FAUXQS_ACCOUNT}/${name}`;
    return this.#call(region, 'application/x-amz-json-1.0', {
      headers: { 'x-amz-target': `AmazonSQS.${action}` },
      body: JSON.stringify({ QueueUrl: url, QueueName: name, ...input }),
    }).then((text) => (text === '' ? {} : JSON.parse(text)));
  }

  /** Calls SNS. */
  async sns(region: string, input: Readonly<Record<string, string>>): Promise<void> {
    const body = new URLSearchParams(input).toString();
    await this.#call(region, 'application/x-www-form-urlencoded', { body });
  }

  async createBucket(name: string): Promise<void> {
    await this.#request(`/${name}`, { method: 'PUT' });
  }

  /** All messages of a queue, which stay unchanged. */
  async messagesOf(name: string): Promise<StoredMessage[]> {
    const { messages } = JSON.parse(await this.#request(`/_fauxqs/queues/${name}`)) as QueueContent;
    const { ready = [], delayed = [], inflight = [] } = messages ?? {};
    return [...ready, ...delayed, ...inflight.map(({ message }) => message)];
  }

  close(): Promise<void> {
    return this.#process.close();
  }

  #call(region: string, contentType: string, { headers = {}, body }: Call): Promise<string> {
    return this.#request('/', {
      method: 'POST',
      headers: { ...headers, 'content-type': contentType, authorization: scope(region) },
      body,
    });
  }

  /** @throws with the text of an answer that is not a success */
  async #request(
    path: string,
    options: { method?: 'POST' | 'PUT'; headers?: Record<string, string>; body?: string } = {},
  ): Promise<string> {
    const { request } = await httpClient();
    const { statusCode, body } = await request(`${await this.url}${path}`, options);
    const text = await body.text();
    if (statusCode >= 300) throw new Error(text);
    return text;
  }
}

/** What it reads the Region from. */
const scope = (region: string): string =>
  `AWS4-HMAC-SHA256 Credential=local/20200101/${region}/sqs/aws4_request`;
