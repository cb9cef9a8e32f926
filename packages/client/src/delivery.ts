export {
  ENVELOPE_VERSION,
  type Envelope,
  EnvelopeError,
  readEnvelope,
} from './delivery-envelope.ts';
export type { RunResult } from './protocol.ts';
export { createRunner, type RunJob } from './run-job.ts';
