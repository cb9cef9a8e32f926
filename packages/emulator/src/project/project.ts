import type { FunctionBundle } from '../bundle/bundling.ts';
import type { Layer, RuntimeName } from '../lambda-types.ts';
import type { Declarations } from './declarations/declaration.ts';
import type { Values } from './record.ts';

/** A function of a project file, with the defaults of the tool that deploys it filled in. */
export interface FunctionDefinition {
  /** What the project file calls it: the key in `functions`, the logical id in `Resources`. */
  readonly name: string;
  /** What Lambda would call it, and so `AWS_LAMBDA_FUNCTION_NAME`. */
  readonly deployedName: string;
  /** Folder that becomes `/var/task`, or a zip file with its content; absolute. */
  readonly code: string;
  readonly handler: string;
  /** Content of the only file, `index.js`; `code` is the folder of the project file then. */
  readonly inlineCode?: string;
  /** What is bundled before it runs; absent when the code runs unchanged. */
  readonly bundle?: FunctionBundle;
  readonly runtime: RuntimeName;
  /** Zip files or folders, absolute, in the order of merging. */
  readonly layers: readonly Layer[];
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  readonly memoryMiB: number;
  /** Reserved concurrency; absent when the file reserves none. */
  readonly maxConcurrency?: number;
  /** The function has a function URL. */
  readonly hasUrl: boolean;
  /** The function URL has the invoke mode `RESPONSE_STREAM`. */
  readonly urlStreams?: boolean;
}

/** A function of a project file that cannot run here; the others can. */
export interface UnusableFunctionDefinition {
  readonly name: string;
  readonly hasUrl: boolean;
  readonly reason: Error;
}

/** A route of an API. */
export interface Route {
  /** Upper case; `ANY` for every method. */
  readonly method: string;
  /** `/pets/{id}`, `/{proxy+}`, or, in an HTTP API, `$default` for what no other route takes. */
  readonly path: string;
  /** `name` of the function that answers. */
  readonly functionName: string;
  /** Integration timeout, at least 50. Default 30,000 in HTTP APIs, 29,000 in REST APIs. */
  readonly timeoutMs?: number;
  /** Of an HTTP API: the event is of format 1.0. Default 2.0. */
  readonly payloadFormat?: '1.0';
  /** Of a REST API: the answer that it gives without the function. */
  readonly preflight?: Preflight;
  /** Of a REST API: the response transfer mode `STREAM`. */
  readonly streams?: boolean;
  /** Of a REST API: what events show as `requestContext.operationName`. */
  readonly operationName?: string;
  /** Of a REST API: `integration: lambda` of Serverless Framework in place of a Lambda proxy integration. */
  readonly mapping?: Mapping;
  /** The kind of integration, when it is one that is not emulated. */
  readonly integration?: string;
  /** Asked before the function; absent when every request reaches it. */
  readonly authorizer?: Authorizer;
  /** With a `jwt` authorizer: a token needs one of these scopes. */
  readonly authorizationScopes?: readonly string[];
  /** Of a REST API: a request needs one of the API's keys. */
  readonly needsApiKey?: boolean;
  /** Of a REST API: what a request must have to reach the function. */
  readonly validation?: RequestValidation;
}

export interface RequestValidation {
  /** What must be there and not empty, in the words of API Gateway: `method.request.querystring.page`. */
  readonly parameters?: readonly string[];
  /** JSON schemas (draft 4) of the body by media type, `$default` for any other. */
  readonly body?: Readonly<Record<string, unknown>>;
}

/** Serverless Framework's own templates between API Gateway and a function. */
export interface Mapping {
  /** Headers of every response, with lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
}

/** What decides whether a request reaches the function. */
export type Authorizer = LambdaAuthorizer | JwtAuthorizer;

/** A function that is asked. */
export interface LambdaAuthorizer {
  readonly kind: 'lambda';
  /** Unique in its API. */
  readonly name: string;
  /** `name` of the function. */
  readonly functionName: string;
  /** The event that the function gets: `TOKEN` or `REQUEST` in a REST API, a format version in an HTTP API. */
  readonly input: 'TOKEN' | 'REQUEST' | '1.0' | '2.0';
  /** The function may answer with `isAuthorized` in place of a policy. */
  readonly simpleResponses?: boolean;
  /** In the words of API Gateway: `$request.header.Authorization`, `method.request.querystring.token`. */
  readonly identitySources: readonly string[];
  /** Regular expression that the token of a `TOKEN` authorizer has to match. */
  readonly tokenPattern?: string;
  /** How long answers are kept; 0 for not at all. */
  readonly ttlMs: number;
}

/** A check of a JSON Web Token: the JWT authorizer of an HTTP API, the Cognito user pools of a REST API. */
export interface JwtAuthorizer {
  readonly kind: 'jwt';
  /** Unique in its API. */
  readonly name: string;
  /** Where the token is. */
  readonly identitySource: string;
  /** Who may have issued the token; absent when only AWS knows, and then the signature is not checked. */
  readonly issuers?: readonly string[];
  /** Whom the token may be for; absent for anybody. */
  readonly audience?: readonly string[];
}

/** Answer of a REST API to OPTIONS, without a function. */
export interface Preflight {
  /** Default 200. */
  readonly statusCode?: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Origins that take the place of the one in `headers`, each for itself; `*` in them stands for any text. */
  readonly origins: readonly string[];
}

/** The CORS headers that an HTTP API sets itself. */
export interface Cors {
  /** `*`, `https://*`, or an origin. */
  readonly allowOrigins: readonly string[];
  readonly allowMethods?: readonly string[];
  readonly allowHeaders?: readonly string[];
  readonly exposeHeaders?: readonly string[];
  readonly allowCredentials?: boolean;
  /** Seconds. */
  readonly maxAge?: number;
}

/** An API Gateway API. */
export interface Api {
  /** What the project file calls it: the logical id of a template. */
  readonly name: string;
  /** `http` for an HTTP API, `rest` for a REST API. */
  readonly protocol: 'http' | 'rest';
  /** A name is the first segment of every path, and may be left out in requests to a REST API; `$default` is not. */
  readonly stage: string;
  /** Of a REST API: media types whose bodies are base64 in events. */
  readonly binaryMediaTypes?: readonly string[];
  /** Of a REST API: the values of its keys. Absent when only AWS knows them: any text is taken then. */
  readonly apiKeys?: readonly string[];
  /** Of a REST API: where the key of a request comes from. Default: the header `x-api-key`. */
  readonly apiKeySource?: 'AUTHORIZER';
  /** Of an HTTP API. */
  readonly cors?: Cors;
  readonly routes: readonly Route[];
}

/** An app that has written the project file. */
export interface ProjectApp {
  /** Its sources are in here. */
  readonly folder: string;
  /** Where it writes. */
  readonly output: string;
}

/** A queue, topic, event bus or bucket that a project declares or names, or a table that it declares. */
export interface CloudResource {
  readonly service: 'sqs' | 'sns' | 'events' | 's3' | 'dynamodb';
  /** What the project file calls it: the logical id of a template; else its name. */
  readonly label: string;
  /** What AWS would call it. */
  readonly name: string;
  readonly arn: string;
  /** Of a queue: what SQS calls its attributes, the redrive policy among them. */
  readonly attributes?: Readonly<Record<string, string>>;
  /** Of a topic: the queues that it writes to. */
  readonly subscriptions?: readonly TopicSubscription[];
  /** Of a table: the attribute with the time at which an item is deleted. */
  readonly timeToLive?: string;
  /** Of a table: what DynamoDB's CreateTable takes, without the name. */
  readonly table?: object;
}

/** A queue that gets what is published to a topic. */
export interface TopicSubscription {
  readonly queueArn: string;
  /** What SNS calls its attributes. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** A queue whose messages invoke a function. */
export interface QueueEventSource {
  /** `name` of the function. */
  readonly functionName: string;
  readonly queueArn: string;
  readonly batchSize: number;
  /** How long to gather a batch. */
  readonly batchingWindowMs: number;
  /** The function's answer says which messages of a batch have failed. */
  readonly reportsFailures: boolean;
  /** Invokes at once. */
  readonly maxConcurrency: number;
  /** Patterns of EventBridge; a message passes one of them, or is deleted. */
  readonly filters?: readonly Values[];
}

/** What a local run needs to know of a project file. */
export interface Project {
  readonly file: string;
  readonly functions: readonly FunctionDefinition[];
  /** Those that cannot run; each is also among the warnings. */
  readonly unusable: readonly UnusableFunctionDefinition[];
  /** Only those with routes. */
  readonly apis: readonly Api[];
  readonly resources: readonly CloudResource[];
  readonly eventSources: readonly QueueEventSource[];
  /** What the file asks for and a local run does not give; each thing once. */
  readonly warnings: readonly string[];
  /** The project file, every file it includes, and what else decides how functions run. */
  readonly files: readonly string[];
  /** Absent when the project file is written by hand. */
  readonly app?: ProjectApp;
}

/** A project that has been read. */
export interface DeclaredProject extends Project {
  /** What the file says about its functions, also in parts that no local run needs. */
  readonly declarations: () => Declarations;
}

/** What the person who starts the run may choose. */
export interface ReadProjectOptions {
  /** `${sls:stage}` and `${opt:stage}` of Serverless Framework. Default: what the file says, else `dev`. */
  readonly stage?: string;
  /** Where `${env:NAME}` looks. Default `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Do not throw when no function can run. Default: false. */
  readonly allowUnusable?: boolean;
}
