import { createRequire, registerHooks } from 'node:module';

// The test runner sets the condition of bundlers, for which the SDK has files that Node.js cannot load.
registerHooks({
  resolve: (specifier, context, next) =>
    next(specifier, {
      ...context,
      conditions: context.conditions.filter((condition) => condition !== 'module'),
    }),
});
const require = createRequire(import.meta.url);

export const dynamoDb: typeof import('@aws-sdk/client-dynamodb') = require('@aws-sdk/client-dynamodb');
export const events: typeof import('@aws-sdk/client-eventbridge') = require('@aws-sdk/client-eventbridge');
export const lambda: typeof import('@aws-sdk/client-lambda') = require('@aws-sdk/client-lambda');
export const s3: typeof import('@aws-sdk/client-s3') = require('@aws-sdk/client-s3');
export const sns: typeof import('@aws-sdk/client-sns') = require('@aws-sdk/client-sns');
export const sqs: typeof import('@aws-sdk/client-sqs') = require('@aws-sdk/client-sqs');
