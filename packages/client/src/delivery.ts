export { createRunner, type RunJob } from './hand-off/run-job.ts';
export {
  ENVELOPE_VERSION,
  type Envelope,
  EnvelopeError,
  readEnvelope,
} from './protocol/envelope.ts';
export type { RunResult } from './protocol/index.ts';
