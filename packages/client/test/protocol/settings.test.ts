import { describe, expect, it } from 'vitest';
import { readSettings } from '../../src/protocol/settings.ts';

const QUEUE = 'arn:aws:sqs:eu-west-1:123456789012:jobs';
const HANDLER = { ASYNC_HANDLER: 'src/report.handler' };

const problemsOf = (env: Record<string, string>) => readSettings({ ...HANDLER, ...env }).problems;

describe('the settings', () => {
  it('need nothing but ASYNC_HANDLER', () => {
    expect(readSettings(HANDLER)).toEqual({
      handler: 'src/report.handler',
      missingHandler: undefined,
      deadlineMarginMs: 1_000,
      maxRetryAttempts: 2,
      maxEventAgeMs: 21_600_000,
      onFailure: undefined,
      onSuccess: undefined,
      engine: undefined,
      writesMetrics: false,
      problems: [],
      warnings: [],
    });
  });

  it('leave the smallest functions more time before the deadline, because a record takes CPU', () => {
    const marginAt = (AWS_LAMBDA_FUNCTION_MEMORY_SIZE: string) =>
      readSettings({ ...HANDLER, AWS_LAMBDA_FUNCTION_MEMORY_SIZE }).deadlineMarginMs;

    expect(['128', '213', '1769'].map(marginAt)).toEqual([1_658, 1_000, 1_000]);
  });

  it('are what the variables say', () => {
    const settings = readSettings({
      ...HANDLER,
      ASYNC_HTTP_DEADLINE_MARGIN_MS: '2500',
      ASYNC_HTTP_MAX_RETRY_ATTEMPTS: '0',
      ASYNC_HTTP_MAX_EVENT_AGE_SECONDS: '60',
      ASYNC_HTTP_ON_FAILURE: 'arn:aws:s3:::failed',
      ASYNC_HTTP_ON_SUCCESS: QUEUE,
      ASYNC_HTTP_DELIVERY: QUEUE,
      ASYNC_HTTP_METRICS: 'emf',
    });

    expect(settings).toMatchObject({
      deadlineMarginMs: 2_500,
      maxRetryAttempts: 0,
      maxEventAgeMs: 60_000,
      onFailure: { service: 's3', name: 'failed' },
      onSuccess: { service: 'sqs', arn: QUEUE },
      engine: { service: 'sqs', arn: QUEUE },
      writesMetrics: true,
      problems: [],
      warnings: [],
    });
  });

  it('name every bad variable at once, and have defaults in their place', () => {
    const settings = readSettings({
      ASYNC_HANDLER: '',
      ASYNC_HTTP_DEADLINE_MARGIN_MS: 'soon',
      ASYNC_HTTP_MAX_RETRY_ATTEMPTS: '11',
      ASYNC_HTTP_MAX_EVENT_AGE_SECONDS: '59',
      ASYNC_HTTP_ON_FAILURE: 'my-queue',
      ASYNC_HTTP_ON_SUCCESS: 'arn:aws:s3:::bucket',
      ASYNC_HTTP_DELIVERY: 'sqs',
    });

    expect(settings).toMatchObject({
      handler: undefined,
      deadlineMarginMs: 1_000,
      maxRetryAttempts: 2,
      maxEventAgeMs: 21_600_000,
      onFailure: undefined,
      onSuccess: undefined,
      engine: undefined,
    });
    expect([...settings.problems].sort()).toMatchInlineSnapshot(`
      [
        "ASYNC_HANDLER must not be empty or contain spaces; set it to "path/to/module.export", or "path/to/module" for its default export",
        "ASYNC_HTTP_DEADLINE_MARGIN_MS must be a whole number from 100 to 60000",
        "ASYNC_HTTP_DELIVERY must be "environment", or the ARN of an SQS queue or a Lambda function; it is "sqs"",
        "ASYNC_HTTP_MAX_EVENT_AGE_SECONDS must be a whole number from 60 to 21600",
        "ASYNC_HTTP_MAX_RETRY_ATTEMPTS must be a whole number from 0 to 10",
        "ASYNC_HTTP_ON_FAILURE must be an ARN like arn:aws:sqs:eu-west-1:123456789012:my-queue; it is "my-queue"",
        "ASYNC_HTTP_ON_SUCCESS is an S3 bucket, which takes failures only, as on Lambda; use another service",
      ]
    `);
  });
});

describe('ASYNC_HANDLER', () => {
  it.each([
    'report.handler',
    'src/report',
    '/opt/reports/weekly.run.now',
    'src/api/report.v2.handler',
  ])('can be %s', (handler) => {
    expect(readSettings({ ASYNC_HANDLER: handler })).toMatchObject({ handler, problems: [] });
  });

  it.each(['', '   ', '../report.handler', 'src/', 'src/report.', 'a b.handler'])(
    'cannot be %j',
    (handler) => {
      expect(readSettings({ ASYNC_HANDLER: handler }).problems).toEqual([
        expect.stringMatching(/^ASYNC_HANDLER must/),
      ]);
    },
  );

  it.each([
    ['src/report.js', '".js": "src/report.background", or "src/report" for the default export'],
    ['src/report.handler.mjs', '".mjs": "src/report.handler.background"'],
    ['src/report.ts', '".ts": "src/report.background"'],
  ])('cannot be the name of a file: %s', (handler, advice) => {
    expect(readSettings({ ASYNC_HANDLER: handler }).problems).toEqual([
      expect.stringContaining(
        `ASYNC_HANDLER must end with the name of an export and not with ${advice}`,
      ),
    ]);
  });

  it('is missing, which is a problem only where something would have to run', () => {
    expect(readSettings({})).toMatchObject({
      problems: [],
      missingHandler:
        'ASYNC_HANDLER is missing; set it to "path/to/module.export", or "path/to/module" for its default export',
    });
    expect(readSettings({ ASYNC_HTTP_DELIVERY: QUEUE }).missingHandler).toBeUndefined();
    expect(readSettings({ ASYNC_HTTP_DELIVERY: 'environment' }).missingHandler).toBeDefined();
  });
});

describe('a number', () => {
  it.each([
    ['ASYNC_HTTP_DEADLINE_MARGIN_MS', 100, 60_000],
    ['ASYNC_HTTP_MAX_RETRY_ATTEMPTS', 0, 10],
    ['ASYNC_HTTP_MAX_EVENT_AGE_SECONDS', 60, 21_600],
  ])('of %s is whole, from %i to %i', (name, min, max) => {
    for (const good of [min, max]) expect(problemsOf({ [name]: String(good) })).toEqual([]);
    const bad = [min - 1, max + 1, '', ' ', `${min}.5`, '1e3', '0x64', `${max}ms`, 'Infinity'];
    for (const value of bad) {
      expect(problemsOf({ [name]: String(value) })).toEqual([
        `${name} must be a whole number from ${min} to ${max}`,
      ]);
    }
  });
});

describe('ASYNC_HTTP_METRICS', () => {
  it.each(['true', '', 'EMF', '1'])('refuses nothing when it is %j, but warns', (value) => {
    const settings = readSettings({ ...HANDLER, ASYNC_HTTP_METRICS: value });

    expect(settings).toMatchObject({ problems: [], writesMetrics: false });
    expect(settings.warnings).toEqual([
      `ASYNC_HTTP_METRICS must be "emf", or not set for no metrics; it is ${JSON.stringify(value)}, so no metrics are written`,
    ]);
  });
});

describe('ASYNC_HTTP_TRACE', () => {
  it.each(['child', 'link'])('may be %j', (value) => {
    expect(readSettings({ ...HANDLER, ASYNC_HTTP_TRACE: value })).toMatchObject({
      problems: [],
      warnings: [],
    });
  });

  it.each(['', 'Link', 'root'])('refuses nothing when it is %j, but warns', (value) => {
    expect(readSettings({ ...HANDLER, ASYNC_HTTP_TRACE: value })).toMatchObject({
      problems: [],
      warnings: [
        `ASYNC_HTTP_TRACE must be "child" or "link"; it is ${JSON.stringify(value)}, so it counts as "child"`,
      ],
    });
  });
});

describe('a name that we do not know', () => {
  it.each([
    ['ASYNC_HTTP_DEADLINE_MARGIN', 'did you mean ASYNC_HTTP_DEADLINE_MARGIN_MS?'],
    ['ASYNC_HTTP_MAX_RETRY_ATEMPTS', 'did you mean ASYNC_HTTP_MAX_RETRY_ATTEMPTS?'],
    ['ASYNC_HTTP_METRIC', 'did you mean ASYNC_HTTP_METRICS?'],
    ['ASYNC_HTTP_HANDLER', 'did you mean ASYNC_HANDLER?'],
    ['ASYNC_HTTP_CUSTOM_RES', 'did you mean CUSTOM_RES?'],
    ['ASYNC_HTTP_SOCKET', 'is it a typo?'], // What an earlier version knew.
  ])('is a warning that names its neighbour: %s', (name, question) => {
    expect(readSettings({ ...HANDLER, [name]: '' })).toMatchObject({
      problems: [],
      warnings: [`${name} is not a variable of async-http (${question})`],
    });
  });

  it.each([
    ['ASYNC_HTTP_ONFAILURE', 'ASYNC_HTTP_ON_FAILURE'],
    ['ASYNC_HTTP_ON_SUCESS', 'ASYNC_HTTP_ON_SUCCESS'],
    ['ASYNC_HTTP_DELIVRY', 'ASYNC_HTTP_DELIVERY'],
  ])('is a problem where a job or its record would go astray: %s', (name, meant) => {
    expect(readSettings({ ...HANDLER, [name]: QUEUE })).toMatchObject({
      problems: [`${name} is not a variable of async-http (did you mean ${meant}?)`],
      warnings: [],
    });
  });

  it('is nothing of ours without our prefix', () => {
    expect(readSettings({ ...HANDLER, ASYNC_HTTPS: '1', PATH: '/bin' }).warnings).toEqual([]);
  });
});
