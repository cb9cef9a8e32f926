/**
 * What the client and the extension agree on, and how both call Lambda. Nothing runs in here before it is
 * called: both bundle it, and it loads while a function starts.
 */
export * from './answers.ts';
export * from './bell.ts';
export * from './budget.ts';
export * from './destination-arn.ts';
export * from './destination-target.ts';
export * from './http-answer.ts';
export * from './job-record.ts';
export * from './key-claim.ts';
export * from './places.ts';
export * from './record-limit.ts';
export * from './runtime-api.ts';
export * from './settings.ts';
export * from './store-target.ts';
export * from './trace.ts';
