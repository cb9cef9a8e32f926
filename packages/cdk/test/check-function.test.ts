import type { FunctionFacts } from '@async-http/client/check';
import { describe, expect, it } from 'vitest';
import { checkFunction } from '../src/check-function.ts';

const FINE: FunctionFacts = {
  isImage: false,
  runtime: 'nodejs24.x',
  timeoutSeconds: 60,
  memoryMiB: 256,
  runsJobs: true,
  variables: { ASYNC_HANDLER: 'index.background' },
};

const found = (facts: Partial<FunctionFacts>) =>
  checkFunction({ ...FINE, ...facts }).map(
    ({ code, severity, text }) => `${severity} ${code}: ${text}`,
  );

describe('a function that can run jobs', () => {
  it.each<[string, Partial<FunctionFacts>]>([
    ['of nodejs22.x', { runtime: 'nodejs22.x' }],
    ['of nodejs26.x', { runtime: 'nodejs26.x' }],
    ['whose runtime nobody says', { runtime: undefined }],
    [
      'whose settings only the deployment knows',
      { runtime: 'unknown', timeoutSeconds: 'unknown', memoryMiB: 'unknown' },
    ],
    ['that only uses waitUntil', { variables: {} }],
    ['with 3 seconds, when somebody has chosen them', { timeoutSeconds: 3 }],
    [
      'with the defaults of Lambda, when a worker runs its jobs',
      { timeoutSeconds: undefined, memoryMiB: undefined, runsJobs: false },
    ],
  ])('%s has no findings', (_, facts) => {
    expect(found(facts)).toEqual([]);
  });
});

describe('a function that cannot', () => {
  it.each<[string, Partial<FunctionFacts>, string]>([
    [
      'has another runtime',
      { runtime: 'nodejs20.x' },
      'error ASYNC_HTTP_CDK_RUNTIME: The runtime is nodejs20.x; the layer works on nodejs22.x, nodejs24.x, nodejs26.x only, ' +
        'so no job would run. Use lambda.Runtime.NODEJS_24_X',
    ],
    [
      'is a container image',
      { isImage: true, runtime: 'FROM_IMAGE' },
      'error ASYNC_HTTP_CDK_IMAGE: The function is a container image, which takes no layers, so no job would run. ' +
        "Use a zip function, or copy the layer's files into the image (npx async-http-layer build --dir opt)",
    ],
    [
      'has no timeout',
      { timeoutSeconds: undefined },
      "error ASYNC_HTTP_CDK_TIMEOUT: The timeout is Lambda's default of 3 s, because none is set. It covers the request " +
        'and the background work after it, so jobs would be cut off. Set "timeout" to the time of both, e.g. Duration.seconds(60)',
    ],
    [
      'has a timeout without room',
      { timeoutSeconds: 1 },
      'error ASYNC_HTTP_CDK_TIMEOUT: The timeout is 1 s. It covers the request and the background work after it, ' +
        'so jobs would be cut off. Set "timeout" to the time of both, e.g. Duration.seconds(60)',
    ],
    [
      'has little memory',
      { memoryMiB: undefined },
      'warning ASYNC_HTTP_CDK_MEMORY: The function has 128 MB and so 7 % of a core. Background jobs take seconds to start ' +
        'there, which are billed. Set "memorySize" to 256 or more',
    ],
    [
      'has a wrong variable',
      { variables: { ASYNC_HANDLER: '../jobs' } },
      'error ASYNC_HTTP_CDK_VARIABLE: ASYNC_HANDLER must look like "path/to/module.export", or "path/to/module" for its ' +
        'default export, without "..". Until this is corrected, the function would refuse every hand-off',
    ],
    [
      'has a misspelt variable',
      { variables: { ASYNC_HTTP_ONFAILURE: 'arn:aws:sqs:eu-west-1:123456789012:failed' } },
      'error ASYNC_HTTP_CDK_VARIABLE: ASYNC_HTTP_ONFAILURE is not a variable of async-http (did you mean ' +
        'ASYNC_HTTP_ON_FAILURE?). Until this is corrected, the function would refuse every hand-off',
    ],
    [
      'has an unknown variable',
      { variables: { ASYNC_HTTP_COLOUR: 'blue' } },
      'warning ASYNC_HTTP_CDK_VARIABLE: ASYNC_HTTP_COLOUR is not a variable of async-http (is it a typo?)',
    ],
  ])('%s', (_, facts, finding) => {
    expect(found(facts)).toEqual([finding]);
  });
});
