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
export { startLambda } from './start-lambda.ts';
