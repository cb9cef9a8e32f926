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
