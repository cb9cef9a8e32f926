import { describe, expect, it } from 'vitest';
import { cdkOut } from '../support/cdk-out.ts';
import { check } from '../support/project.ts';

const JOBS = { 'Fn::GetAtt': ['Jobs', 'Arn'] };

const codesOf = async (files: ReturnType<typeof cdkOut>) => {
  const { functions } = await check(files, 'cdk.out');
  return functions.flatMap(({ findings }) =>
    findings.map(({ severity, code }) => `${severity} ${code.replace('ASYNC_HTTP_CHECK_', '')}`),
  );
};

describe('an app of the AWS CDK', () => {
  it('in which jobs run has no findings', async () => {
    expect(await codesOf(cdkOut())).toEqual([]);
  });

  it.each<[string, Record<string, unknown>, string[]]>([
    ['a wrong handler', { Handler: '/opt/proxy' }, ['error PROXY']],
    ['no layer', { Layers: [] }, ['error LAYER_MISSING']],
    ['no timeout', { Timeout: undefined }, ['error TIMEOUT']],
    ['little memory', { MemorySize: undefined }, ['warning MEMORY']],
    ['another runtime', { Runtime: 'nodejs20.x' }, ['error RUNTIME']],
  ])('is found to have %s', async (_, fn, codes) => {
    expect(await codesOf(cdkOut({ fn }))).toEqual(codes);
  });

  it('has its background handler in the asset', async () => {
    const variables = { ASYNC_HANDLER: 'report.backgruond' };
    expect(await codesOf(cdkOut({ variables }))).toEqual(['error HANDLER_EXPORT']);
  });

  it('needs a statement in the role of the function', async () => {
    const variables = { ASYNC_HTTP_ON_FAILURE: JOBS };
    expect(await codesOf(cdkOut({ variables }))).toEqual(['error PERMISSION']);
  });

  it('may have the statement in a separate policy', async () => {
    const variables = { ASYNC_HTTP_ON_FAILURE: JOBS };
    const statements = [{ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: JOBS }];
    expect(await codesOf(cdkOut({ variables, statements }))).toEqual([]);
  });

  it('has workers that must answer which messages have failed', async () => {
    const fn = { Handler: '/opt/proxy.consumer' };
    const resources = {
      Source: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: { EventSourceArn: JOBS, FunctionName: { Ref: 'Report' } },
      },
    };
    expect(await codesOf(cdkOut({ fn, resources }))).toEqual(['error WORKER_ANSWER']);
  });
});
