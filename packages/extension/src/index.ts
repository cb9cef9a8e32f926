export { type Config, readConfig } from './config.ts';
export { runExtension } from './lifecycle.ts';
export { createLog, type Log } from './log.ts';
export {
  type Extension,
  type InvokeEvent,
  type LifecycleEvent,
  PlatformError,
  register,
  type ShutdownEvent,
} from './platform.ts';
export { listenForRuntimeDone } from './telemetry.ts';
