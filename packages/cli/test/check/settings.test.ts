import { describe, expect, it } from 'vitest';
import { check, codesOf, findingOf, sam, serverless } from '../support/project.ts';

const QUEUE = `resources:
  Resources:
    FailedJobs: { Type: AWS::SQS::Queue }
    Ordered: { Type: AWS::SQS::Queue, Properties: { FifoQueue: true } }`;
const SEND = `iam: { role: { statements: [{ Effect: Allow, Action: 'sqs:*', Resource: '*' }] } }`;

describe('a project in which jobs run', () => {
  it('has no findings with Serverless Framework', async () => {
    expect(await codesOf(serverless())).toEqual([]);
  });

  it('has no findings with SAM', async () => {
    expect(await codesOf(sam())).toEqual([]);
  });

  it('may use waitUntil only', async () => {
    const fn = 'handler: src/report.background';
    expect(await codesOf(serverless({ fn, environment: 'LOG: debug' }))).toEqual([]);
  });
});

describe('variables', () => {
  it('that are wrong keep jobs from running', async () => {
    const environment = 'ASYNC_HANDLER: src/report.background\nASYNC_HTTP_MAX_RETRY_ATTEMPTS: 11';
    expect(await findingOf(serverless({ environment }))).toEqual({
      code: 'ASYNC_HTTP_CHECK_VARIABLE',
      severity: 'error',
      problem:
        'ASYNC_HTTP_MAX_RETRY_ATTEMPTS must be a whole number from 0 to 10. Until this is corrected, the function would refuse every hand-off.',
      advice: '',
    });
  });

  it('that are misspelt name the one that was meant', async () => {
    const environment = 'ASYNC_HANDLER: src/report.background\nASYNC_HTTP_METRIC: emf';
    const { severity, problem } = await findingOf(serverless({ environment }));
    expect([severity, problem]).toEqual([
      'warning',
      'ASYNC_HTTP_METRIC is not a variable of async-http (did you mean ASYNC_HTTP_METRICS?).',
    ]);
  });

  it('may not name a file', async () => {
    const { code, problem } = await findingOf(
      serverless({ environment: 'ASYNC_HANDLER: src/report.js' }),
    );
    expect([code, problem]).toEqual([
      'ASYNC_HTTP_CHECK_VARIABLE',
      expect.stringContaining('"src/report.background", or "src/report" for the default export'),
    ]);
  });

  it('must name a background handler for the ready-made proxy', async () => {
    expect(await codesOf(serverless({ environment: 'LOG: debug' }))).toEqual([
      'error VARIABLE_MISSING',
    ]);
  });

  it('for jobs make no sense without a background handler', async () => {
    const fn = 'handler: src/report.background';
    const environment = 'ASYNC_HTTP_MAX_RETRY_ATTEMPTS: 1';
    expect(await codesOf(serverless({ fn, environment }))).toEqual(['warning VARIABLE_MISSING']);
  });

  it('with a queue in place of its ARN say how to refer to that', async () => {
    const environment =
      'ASYNC_HANDLER: src/report.background\nASYNC_HTTP_ON_FAILURE: !Ref FailedJobs';
    const { advice } = await findingOf(serverless({ environment, top: QUEUE }));
    expect(advice).toBe('Refer to its ARN: !GetAtt FailedJobs.Arn');
  });

  it('cannot name a FIFO queue', async () => {
    const environment =
      'ASYNC_HANDLER: src/report.background\nASYNC_HTTP_ON_FAILURE: !GetAtt Ordered.Arn';
    const { problem } = await findingOf(serverless({ environment, top: QUEUE, provider: SEND }));
    expect(problem).toMatch(/^ASYNC_HTTP_ON_FAILURE is FIFO/);
  });

  it('that refer to nothing are an error', async () => {
    const environment =
      'ASYNC_HANDLER: src/report.background\nASYNC_HTTP_ON_FAILURE: !GetAtt FialedJobs.Arn';
    expect(await codesOf(serverless({ environment, top: QUEUE }))).toEqual(['error REFERENCE']);
  });

  it('that a plugin may give a meaning to are a warning', async () => {
    const environment =
      'ASYNC_HANDLER: src/report.background\nASYNC_HTTP_ON_FAILURE: !GetAtt Jobs.Arn';
    const top = 'plugins: [serverless-lift]';
    expect(await codesOf(serverless({ environment, top }))).toEqual(['warning REFERENCE']);
  });

  it('whose value only the deployment knows are a note', async () => {
    const variables =
      'ASYNC_HANDLER: report.background\nASYNC_HTTP_ON_FAILURE: !ImportValue failed-jobs';
    expect(await codesOf(sam({ variables }))).toEqual(['note UNKNOWN_VALUE']);
  });
});

describe('runtime, timeout and memory', () => {
  it.each([
    ['another runtime', 'Runtime: nodejs20.x', ['error RUNTIME']],
    ['a runtime of another language', 'Runtime: python3.13', ['error RUNTIME']],
    ['a timeout without room', 'Timeout: 2', ['error TIMEOUT']],
    ['a timeout that Lambda does not have', 'Timeout: 901', ['error TIMEOUT']],
    ['little memory', 'MemorySize: 128', ['warning MEMORY']],
    ['a parameter as timeout', 'Timeout: !Ref Seconds', []],
  ])('%s', async (_, properties, codes) => {
    const resources = 'Queue: { Type: AWS::SQS::Queue }\n';
    const files = sam({ properties, resources });
    const template = `Parameters: { Seconds: { Type: Number } }\n${files['template.yaml']}`;
    expect(await codesOf({ ...files, 'template.yaml': template })).toEqual(codes);
  });

  it('a container image takes no layer', async () => {
    expect(await codesOf(sam({ properties: 'PackageType: Image' }))).toEqual(['error IMAGE']);
  });

  it('are not needed where a queue keeps the jobs', async () => {
    const resources = 'Jobs: { Type: AWS::SQS::Queue }';
    const properties = `Timeout: 2
MemorySize: 128
Policies: [{ SQSSendMessagePolicy: { QueueName: !GetAtt Jobs.QueueName } }]`;
    const variables = 'ASYNC_HANDLER: report.background\nASYNC_HTTP_DELIVERY: !GetAtt Jobs.Arn';
    expect(await codesOf(sam({ properties, variables, resources }))).toEqual([
      'warning WORKER_MISSING',
    ]);
  });

  it('of Serverless Framework have defaults that leave some room', async () => {
    const files = serverless();
    const yaml = String(files['serverless.yml']).replace('    timeout: 60\n', '');
    expect(await codesOf({ ...files, 'serverless.yml': yaml })).toEqual(['warning TIMEOUT']);
  });
});

it('a function with nothing but the ready-made proxy is checked', async () => {
  const fn = 'handler: /opt/proxy.handler\nlayers: []';
  expect(await codesOf(serverless({ fn, environment: 'LOG: debug' }))).toEqual([
    'error VARIABLE_MISSING',
    'error LAYER_MISSING',
  ]);
});

it('a function without async-http is not checked', async () => {
  const fn = 'handler: src/report.background\nruntime: python3.13\nlayers: []';
  const { functions, others } = await check(serverless({ fn, environment: 'LOG: debug' }));
  expect([functions, others]).toEqual([[], 1]);
});

it('a handler that the layer does not have is an error', async () => {
  expect(await codesOf(serverless({ fn: 'handler: /opt/proxy.hander' }))).toEqual(['error PROXY']);
});
