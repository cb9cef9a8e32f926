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
  ResumedWork,
  RuntimeName,
  ShutdownReason,
  UnfinishedWork,
} from './lambda-types.ts';
export {
  type LocalMessage,
  type LocalServices,
  type LocalServicesOptions,
  type LocalTable,
  startLocalAws,
} from './local-aws/start-local-aws.ts';
export { matchesPattern } from './policy-pattern.ts';
export {
  readSynthesizedProject,
  type SynthesizeOptions,
} from './project/cdk/synthesized-project.ts';
export type {
  BuildDeclaration,
  Declarations,
  FunctionDeclaration,
  LayerDeclaration,
  Permissions,
  PolicyStatement,
  QueueDeclaration,
  Setting,
  VariableDeclaration,
} from './project/declarations/declaration.ts';
export { nearestName } from './project/nearest-name.ts';
export type {
  Api,
  Authorizer,
  CloudResource,
  Cors,
  DeclaredProject,
  FunctionDefinition,
  JwtAuthorizer,
  LambdaAuthorizer,
  Mapping,
  Preflight,
  Project,
  QueueEventSource,
  ReadProjectOptions,
  RequestValidation,
  Route,
  TopicSubscription,
} from './project/project.ts';
export { findProjectFile, readProject } from './project/read-project.ts';
export type {
  JobError,
  JobEvent,
  Payload,
  Payloads,
  RecordedEntry,
  RecordedEvent,
  RecordedFunction,
  Recording,
} from './recording/recording.ts';
export type { ActionEvent } from './report/action-event.ts';
export type { FunctionEvent, ReportEvent } from './report/report-event.ts';
export { cpuLimitRefusal } from './sandbox/cgroups/cpu-limit.ts';
export { type RecordedLambda, type RecordingOptions, startLambda } from './start-lambda.ts';
