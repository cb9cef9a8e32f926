import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readProject } from '@async-http/emulator';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { destinationActions } from './support/destination-actions.ts';
import {
  itWorksInItsEnvironment,
  itWorksThroughAQueue,
  startRecipe,
} from './support/recipe-run.ts';
import { copyRecipe } from './support/recipes.ts';
import { shared, type WhenOver } from './support/shared.ts';

const ENVIRONMENT = 'in its own environment';
const QUEUE = 'through a queue';
const FOURTEEN_DAYS = `${14 * 24 * 60 * 60}`;

/** What each tool calls the project file, the function in Lambda, and the worker. */
const TOOLS = [
  {
    tool: 'Serverless Framework',
    file: 'serverless.yml',
    report: 'reports-dev-report',
    worker: 'worker',
  },
  { tool: 'AWS SAM', file: 'template.yaml', report: 'Report', worker: 'Worker' },
];

describe.each(TOOLS)('the recipe for $tool', ({ tool, file, report, worker }) => {
  const copy = (way: string, whenOver?: WhenOver) =>
    join(copyRecipe(`${tool}, ${way}`, whenOver), file);

  it.each([ENVIRONMENT, QUEUE])('%s is a project without warnings', async (way) => {
    const { warnings, unusable } = await readProject(copy(way));
    expect({ warnings, unusable }).toEqual({ warnings: [], unusable: [] });
  });

  describe(ENVIRONMENT, () => {
    const dev = shared((whenOver) => startRecipe(copy(ENVIRONMENT, whenOver), whenOver));

    itWorksInItsEnvironment(
      dev,
      new RegExp(`→ FailedJobs: RetriesExhausted \\(${report}, 3 attempts\\) Error: no luck\n`),
    );

    it('keeps failed jobs for 14 days', async () => {
      const { resources } = await readProject(copy(ENVIRONMENT));
      expect(resources.map(({ label, attributes }) => ({ label, attributes }))).toEqual([
        { label: 'FailedJobs', attributes: { MessageRetentionPeriod: FOURTEEN_DAYS } },
      ]);
    });
  });

  describe(QUEUE, () => {
    const dev = shared((whenOver) => startRecipe(copy(QUEUE, whenOver), whenOver));

    itWorksThroughAQueue(dev, { worker, queue: 'Jobs' });

    it('has a queue that waits for the worker and gives up to one that keeps jobs for 14 days', async () => {
      const { functions, resources, eventSources } = await readProject(copy(QUEUE));
      const queue = (name: string) => resources.find(({ label }) => label === name);
      const timeoutMs = functions.find(({ name }) => name === worker)?.timeoutMs ?? 0;

      expect(eventSources).toEqual([
        expect.objectContaining({
          functionName: worker,
          queueArn: queue('Jobs')?.arn,
          reportsFailures: true,
        }),
      ]);
      expect(queue('Jobs')?.attributes).toMatchObject({
        VisibilityTimeout: `${(6 * timeoutMs) / 1_000}`,
      });
      expect(JSON.parse(queue('Jobs')?.attributes?.RedrivePolicy ?? '')).toEqual({
        deadLetterTargetArn: queue('DeadJobs')?.arn,
        maxReceiveCount: 5,
      });
      expect(queue('DeadJobs')?.attributes).toEqual({ MessageRetentionPeriod: FOURTEEN_DAYS });
    });
  });
});

describe('the permissions', () => {
  /** The tags of CloudFormation are left out: `!GetAtt Jobs.Arn` is its text. */
  const read = (heading: string, file: string) =>
    parse(readFileSync(join(copyRecipe(heading), file), 'utf8'), { logLevel: 'error' });

  it.each([
    [ENVIRONMENT, 'FailedJobs'],
    [QUEUE, 'Jobs'],
  ])('of the recipe for Serverless Framework, %s, are those of the CDK construct', (way, queue) => {
    const { provider } = read(`Serverless Framework, ${way}`, 'serverless.yml');
    expect(provider.iam.role.statements).toEqual([
      {
        Effect: 'Allow',
        Action: destinationActions().sqs?.action,
        Resource: `${queue}.Arn`,
      },
    ]);
  });

  it.each([
    [ENVIRONMENT, 'FailedJobs'],
    [QUEUE, 'Jobs'],
  ])('of the recipe for AWS SAM, %s, are a policy template for the queue', (way, queue) => {
    const { Resources } = read(`AWS SAM, ${way}`, 'template.yaml');
    expect(Resources.Report.Properties.Policies).toEqual([
      { SQSSendMessagePolicy: { QueueName: `${queue}.QueueName` } },
    ]);
  });

  it('in README.md are those of the CDK construct', () => {
    const readme = readFileSync(join(import.meta.dirname, '../../../README.md'), 'utf8');
    const [, table = ''] =
      /^\| destination \| action \| on \|\n.*?\n(.*?)\n\n/ms.exec(readme) ?? [];
    expect([...table.matchAll(/^\|[^|]+\| `([^`]+)` \|/gm)].map(([, action]) => action)).toEqual(
      Object.values(destinationActions()).map(({ action }) => action),
    );
  });
});
