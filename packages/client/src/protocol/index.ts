/**
 * What the client and the extension agree on. Constants, types and pure functions only: both bundle it, and it
 * runs while a function starts.
 */
export * from './answers.ts';
export * from './bell.ts';
export * from './budget.ts';
export * from './destination-arn.ts';
export * from './destination-target.ts';
export * from './job-record.ts';
export * from './places.ts';
export * from './record-limit.ts';
export * from './settings.ts';
