import { describe, expect, it } from 'vitest';
import { readConfig } from '../src/config.ts';

describe('readConfig', () => {
  it('needs nothing but ASYNC_HANDLER', () => {
    expect(readConfig({ ASYNC_HANDLER: 'src/report.handler' })).toEqual({
      handler: 'src/report.handler',
      missingHandler: undefined,
      deadlineMarginMs: 1_000,
      retryPolicy: { maxRetryAttempts: 2, maxEventAgeMs: 21_600_000 },
      onFailure: undefined,
      onSuccess: undefined,
      engine: undefined,
      writesMetrics: false,
      problems: [],
      unknownNames: [],
    });
  });

  it.each([
    'report.handler',
    'src/report',
    '/opt/reports/weekly.run.now',
    'src/api/report.v2.handler',
  ])('takes the handler form %s', (handler) => {
    expect(readConfig({ ASYNC_HANDLER: handler }).problems).toEqual([]);
  });

  it.each(['', '   ', '../report.handler', 'src/', 'src/report.'])(
    'names what is wrong with ASYNC_HANDLER=%j',
    (handler) => {
      const { problems } = readConfig({ ASYNC_HANDLER: handler });
      expect(problems).toEqual([expect.stringMatching(/^ASYNC_HANDLER must/)]);
    },
  );

  it('says what to write when ASYNC_HANDLER is missing', () => {
    expect(readConfig({}).missingHandler).toMatchInlineSnapshot(
      `"ASYNC_HANDLER is missing; set it to "path/to/module.export", or "path/to/module" for its default export"`,
    );
  });

  it('needs no ASYNC_HANDLER where an engine runs the jobs', () => {
    const ASYNC_HTTP_DELIVERY = 'arn:aws:sqs:eu-west-1:123456789012:jobs';

    expect(readConfig({ ASYNC_HTTP_DELIVERY })).toMatchObject({
      missingHandler: undefined,
      problems: [],
    });
  });

  it('reports every bad variable at once and goes on with the defaults', () => {
    const config = readConfig({ ASYNC_HANDLER: '', ASYNC_HTTP_DEADLINE_MARGIN_MS: 'soon' });

    expect(config.deadlineMarginMs).toBe(1_000);
    expect(config.problems).toHaveLength(2);
  });

  it.each(['', '-1', '1.5', '1e3', '99', '60001'])(
    'does not take ASYNC_HTTP_DEADLINE_MARGIN_MS=%j',
    (value) => {
      const { problems } = readConfig({
        ASYNC_HANDLER: 'a.b',
        ASYNC_HTTP_DEADLINE_MARGIN_MS: value,
      });
      expect(problems).toEqual([
        'ASYNC_HTTP_DEADLINE_MARGIN_MS must be a whole number from 100 to 60000',
      ]);
    },
  );

  it('reports a name that is probably a typo', () => {
    expect(readConfig({ ASYNC_HTTP_DEADLINE_MARGIN: '5' }).unknownNames).toEqual([
      'ASYNC_HTTP_DEADLINE_MARGIN',
    ]);
  });
});
