import { type Defaults, LAMBDA_DEFAULTS } from '@async-http/client/check';
import type { Declarations } from '@async-http/emulator';

/** @see https://www.serverless.com/framework/docs/providers/aws/guide/functions */
const FRAMEWORK: Defaults = {
  whose: "Serverless Framework's",
  timeoutSeconds: 6,
  memoryMiB: 1024,
};

/** What a function has where its project sets nothing. */
export const defaultsOf = (tool: Declarations['tool']): Defaults =>
  tool === 'serverless' ? FRAMEWORK : LAMBDA_DEFAULTS;
