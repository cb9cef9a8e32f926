import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { HttpAnswer } from '../http/http-answer.ts';
import { invokedFunction } from '../http/invoke-api/invoke-api.ts';
import { readBody } from '../http/request-body.ts';
import { sendAnswer } from '../http/send-answer.ts';
import type { Lambda } from '../lambda-types.ts';
import type { CloudResource, Project, QueueEventSource } from '../project/project.ts';
import { Arrivals } from './arrivals.ts';
import { awsFailure } from './aws-failure.ts';
import { createResources } from './create-resources.ts';
import { DynamoDb } from './dynamo-db.ts';
import { eventBridge } from './event-bridge.ts';
import { Fauxqs } from './fauxqs.ts';
import { type Forwarded, forward, forwardStream } from './forward.ts';
import type { LocalAwsEvent } from './local-aws-event.ts';
import { type PollerOptions, QueuePoller } from './queue-poller.ts';
import { callSns, callSqs } from './queue-service.ts';
import { hasTables } from './wants-local-aws.ts';

type Variables = Readonly<Record<string, string>>;
/** What of a project there is to be. */
type Cloud = Pick<Project, 'resources' | 'eventSources'>;
type WithoutTime<T> = T extends unknown ? Omit<T, 'at'> : never;

export interface LocalAwsOptions {
  /** Of the project, whose dynalite answers for DynamoDB. */
  readonly folder: string;
  readonly onEvent: (event: LocalAwsEvent) => void;
  /** Something of the project does not work here. */
  readonly onProblem: (problem: string) => void;
}

/** What of a project is served, and by which functions. */
export interface Feed {
  /** By their name in the project file. */
  readonly functions: () => ReadonlyMap<string, Lambda>;
  /** Where Lambda's Invoke API answers. */
  readonly invokeUrl: string;
}

/** Of SQS. */
const DEFAULT_VISIBILITY_TIMEOUT_S = 30;

/** fauxqs takes no more. */
const MAX_BODY_BYTES = 11 * 1024 * 1024;

/**
 * SQS, SNS, EventBridge, S3, DynamoDB and Lambda on one loopback port, for the functions of a project: its queues,
 * topics, buckets and tables are there, what arrives in them is reported, and queues that are event sources invoke their functions.
 */
export class LocalAws {
  readonly url: string;
  /** Whether every request but those for tables is answered 503, as when a service is down. Messages in queues stay. */
  isDown = false;
  /** Whether functions find DynamoDB here: the project had tables at the start. */
  readonly hasTables: boolean;
  readonly #server: Server;
  readonly #fauxqs: Fauxqs;
  readonly #dynamoDb: DynamoDb;
  readonly #arrivals: Arrivals;
  readonly #options: LocalAwsOptions;
  /** Resolves when the resources of the project are there. */
  #ready: Promise<void>;
  #project: Cloud;
  #feed: Feed | undefined;
  /** By their event source: one that stays unchanged keeps its poller, and what that has fetched. */
  #pollers = new Map<string, QueuePoller>();
  #isStopped = false;

  private constructor(project: Cloud, server: Server, options: LocalAwsOptions) {
    const { port } = server.address() as AddressInfo;
    this.url = `http://127.0.0.1:${port}`;
    this.#server = server;
    this.#project = project;
    this.#options = options;
    this.hasTables = hasTables(project);
    const { folder } = options;
    const region = regionOf(project);
    this.#fauxqs = new Fauxqs(region);
    this.#dynamoDb = new DynamoDb({ folder, region, onProblem: (problem) => this.#warn(problem) });
    this.#arrivals = new Arrivals(this.#fauxqs, (resource, { messageId, body }) =>
      this.#tell({ type: 'aws.message', service: 'sqs', resource, messageId, body }),
    );
    this.#ready = this.#create();
    server.on('request', (request, response) => void this.#handle(request, response));
  }

  static async start(project: Cloud, options: LocalAwsOptions): Promise<LocalAws> {
    const server = createServer();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
    await promise;
    return new LocalAws(project, server, options);
  }

  /**
   * Variables that lead AWS's clients in a function here, except those that it leads elsewhere itself. DynamoDB is in
   * AWS for a project without tables: those that its functions use are there.
   */
  variablesFor(environment: Variables): Record<string, string> {
    if (environment.AWS_ENDPOINT_URL !== undefined) return {};
    const services = ['EVENTBRIDGE', 'LAMBDA', 'S3', 'SNS', 'SQS'];
    const names = [...(this.hasTables ? ['DYNAMODB'] : []), ...services]
      .map((service) => `AWS_ENDPOINT_URL_${service}`)
      .filter((name) => environment[name] === undefined);
    return Object.fromEntries(names.map((name) => [name, this.url]));
  }

  /** URLs of queues lead AWS's clients wherever they are, so they have to be local ones. */
  withLocalUrls(environment: Variables): Variables {
    return Object.fromEntries(
      Object.entries(environment).map(([name, value]) => [
        name,
        value.replace(/^https:\/\/sqs\.[\w-]+\.amazonaws\.com(\.cn)?(?=\/\d{12}\/)/, this.url),
      ]),
    );
  }

  /** Resolves when what the project declares or names is there, or `onProblem` has been told why not. */
  created(): Promise<void> {
    return this.#ready;
  }

  /** Begins to invoke functions with messages of their queues. */
  feed(feed: Feed): void {
    this.#feed = feed;
    this.#poll();
  }

  /** Serves a newer version of the project; messages stay. */
  replace(project: Cloud): void {
    this.#project = project;
    this.#ready = this.#create();
    this.#poll();
  }

  /** Resolves when all that functions have sent so far is reported. */
  async settled(): Promise<void> {
    // It ends with the process that it asks.
    await this.#arrivals.settled().catch(() => undefined);
  }

  /** Invokes no more functions. */
  stop(): void {
    this.#isStopped = true;
    for (const poller of this.#pollers.values()) poller.stop();
  }

  async close(): Promise<void> {
    this.stop();
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await Promise.all([closed, this.#fauxqs.close(), this.#dynamoDb.close()]);
  }

  async #create(): Promise<void> {
    const { resources, eventSources } = this.#project;
    const isSource = (arn: string) => eventSources.some(({ queueArn }) => queueArn === arn);
    this.#arrivals.queues = resources.filter(
      ({ service, arn }) => service === 'sqs' && !isSource(arn),
    );
    await Promise.all([
      this.#dynamoDb.create(this.hasTables ? resources : []),
      createResources(this.#fauxqs, resources, ({ label }, reason) =>
        this.#warn(`${label} is not there locally: ${reason}`),
      ),
    ]);
  }

  #warn(problem: string): void {
    if (!this.#isStopped) this.#options.onProblem(problem);
  }

  #poll(): void {
    void this.#ready.then(() => {
      const feed = this.#feed;
      if (this.#isStopped || !feed) return;
      const before = this.#pollers;
      this.#pollers = new Map(
        this.#project.eventSources.map((source) => {
          const key = JSON.stringify(source);
          return [key, before.get(key) ?? this.#pollerOf(source, feed)];
        }),
      );
      for (const [key, poller] of before) if (!this.#pollers.has(key)) poller.stop();
    });
  }

  #pollerOf(source: QueueEventSource, { functions }: Feed): QueuePoller {
    const { functionName, queueArn } = source;
    return new QueuePoller({
      source,
      label: this.#labelOf('sqs', queueArn),
      fauxqs: this.#fauxqs,
      redrive: () => this.#redriveOf(queueArn),
      invoke: (event, requestId) => {
        const lambda = functions().get(functionName);
        if (!lambda) throw new Error(`there is no function ${functionName}`);
        return lambda.invoke(event, { requestId });
      },
      onReceived: () => this.#look(),
      onEvent: this.#options.onEvent,
    });
  }

  #redriveOf(queueArn: string): ReturnType<PollerOptions['redrive']> {
    const { attributes = {} } =
      this.#project.resources.find(({ arn }) => arn === queueArn) ?? ({} as Partial<CloudResource>);
    const { VisibilityTimeout = DEFAULT_VISIBILITY_TIMEOUT_S, RedrivePolicy } = attributes;
    const policy = RedrivePolicy ? JSON.parse(RedrivePolicy) : undefined;
    return {
      visibilityTimeoutMs: Number(VisibilityTimeout) * 1_000,
      ...(policy && {
        deadLetter: {
          resource: this.#labelOf('sqs', String(policy.deadLetterTargetArn)),
          maxReceiveCount: Number(policy.maxReceiveCount),
        },
      }),
    };
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const answer = await this.#answer(request).catch((error: Error) =>
      awsFailure(500, 'InternalFailure', error.message),
    );
    await sendAnswer(response, answer);
  }

  async #answer(message: IncomingMessage): Promise<HttpAnswer> {
    const { method = 'GET', url: target = '/', headers } = message;
    const [, service, action = ''] = /^(\w+)\.(\w+)$/.exec(String(headers['x-amz-target'])) ?? [];
    const body = await readBody(message, MAX_BODY_BYTES);
    if (body && service?.startsWith('DynamoDB_')) {
      await this.#ready;
      return this.#dynamoDb.answer({ method, target, headers, body });
    }
    if (this.isDown) return awsFailure(503, 'ServiceUnavailable', 'It is made to be down here.');
    if (!body) return awsFailure(413, 'EntityTooLarge', 'Requests may have 11 MiB here.');
    const request = { method, target, headers, body };
    if (invokedFunction(target)) return this.#invoke(request);
    if (service === 'AWSEvents') {
      return eventBridge(action, body, (bus, detail) =>
        this.#tell({
          type: 'aws.message',
          service: 'events',
          resource: this.#labelOf('events', bus),
          body: detail,
        }),
      );
    }
    await this.#ready;
    const queues = { fauxqs: await this.#fauxqs.url, url: this.url };
    if (service === 'AmazonSQS') {
      const answer = await callSqs(request, queues);
      this.#look();
      return answer;
    }
    if (service !== undefined) {
      return awsFailure(400, 'UnknownOperationException', `${service} is not emulated.`);
    }
    if (headers['content-type']?.includes('x-www-form-urlencoded')) {
      const { answer, parameters } = await callSns(request, queues);
      if (answer.statusCode === 200) this.#published(parameters);
      return answer;
    }
    const answer = await forward(queues.fauxqs, request);
    if (answer.statusCode === 200) this.#stored(request);
    return answer;
  }

  async #invoke(request: Forwarded): Promise<HttpAnswer> {
    if (!this.#feed)
      return awsFailure(503, 'ServiceException', 'No functions are served here yet.');
    return forwardStream(this.#feed.invokeUrl, request);
  }

  #published(parameters: URLSearchParams): void {
    this.#look();
    const arn = parameters.get('TopicArn') ?? '';
    const topic = this.#project.resources.find((resource) => resource.arn === arn);
    const body = parameters.get('Message');
    // What is passed to queues is reported there.
    if (body === null || topic?.subscriptions) return;
    const resource = this.#labelOf('sns', arn);
    this.#tell({ type: 'aws.message', service: 'sns', resource, body });
  }

  #stored({ method, target, body }: Forwarded): void {
    const [, bucket, key] = /^\/([^/?]+)\/([^?]+)/.exec(target) ?? [];
    if (method !== 'PUT' || bucket === undefined || key === undefined) return;
    this.#tell({
      type: 'aws.message',
      service: 's3',
      resource: this.#labelOf('s3', bucket),
      key: decodeURIComponent(key),
      body: body.toString(),
    });
  }

  #look(): void {
    // It ends with the process that it asks.
    this.#arrivals.look().catch(() => undefined);
  }

  /** What the project calls a resource, by its name or ARN in AWS. */
  #labelOf(service: LocalAwsService, nameOrArn: string): string {
    const found = this.#project.resources.find(
      (one) => one.service === service && (one.arn === nameOrArn || one.name === nameOrArn),
    );
    return found?.label ?? nameOrArn.split(':').at(-1) ?? nameOrArn;
  }

  #tell(event: WithoutTime<LocalAwsEvent>): void {
    this.#options.onEvent({ at: Date.now(), ...event });
  }
}

type LocalAwsService = Extract<LocalAwsEvent, { type: 'aws.message' }>['service'];

/** The Region of what names none itself. */
function regionOf({ resources }: Cloud): string {
  const regions = resources.map(({ arn }) => arn.split(':')[3]);
  return regions.find((region) => region !== undefined && region !== '') ?? 'us-east-1';
}
