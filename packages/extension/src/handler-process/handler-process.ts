export type {
  Attempt,
  AttemptResult,
  HandlerProcess,
  HandlerProcessOptions,
  JobBytes,
} from './contract.ts';
export { handlerEnvironment, type RuntimeFacts } from './environment.ts';
export { failedWithProcess, HandlerLoadError } from './errors.ts';
export { type AbortReason, type ErrorFacts, LONGEST_EXPORT_MS } from './frames.ts';
export { runtimeNodeArguments } from './node-arguments.ts';
export { createHandlerProcess } from './supervisor.ts';
