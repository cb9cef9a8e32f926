export { type HttpApi, type HttpApiOptions, startHttpApi } from './http-api/server.ts';
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
export type { FunctionDefinition, Project, ReadProjectOptions, Route } from './project/project.ts';
export { readProject } from './project/read-project.ts';
export { cpuLimitRefusal } from './sandbox/cgroups/cpu-limit.ts';
export { startLambda } from './start-lambda.ts';
