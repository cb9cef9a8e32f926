export type { HttpContent } from './http/find-exchange.ts';
export { type HttpServer, type HttpServerOptions, startHttpServer } from './http/server.ts';
export type {
  InvokeOptions,
  InvokeResult,
  Isolation,
  Lambda,
  LambdaEvent,
  LambdaOptions,
  LogLine,
  RuntimeName,
  ShutdownReason,
} from './lambda-types.ts';
export type {
  Api,
  Authorizer,
  CloudResource,
  Cors,
  FunctionDefinition,
  JwtAuthorizer,
  LambdaAuthorizer,
  Preflight,
  Project,
  QueueEventSource,
  ReadProjectOptions,
  Route,
  TopicSubscription,
} from './project/project.ts';
export { readProject } from './project/read-project.ts';
export { cpuLimitRefusal } from './sandbox/cgroups/cpu-limit.ts';
export { startLambda } from './start-lambda.ts';
