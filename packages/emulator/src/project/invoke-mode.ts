import type { FunctionDefinition } from './project.ts';

/** What the configuration of a function URL says of how it invokes its function. */
export const readInvokeMode = (mode: unknown): Pick<FunctionDefinition, 'urlStreams'> =>
  mode === 'RESPONSE_STREAM' ? { urlStreams: true } : {};
