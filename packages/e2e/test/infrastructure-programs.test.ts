import { join, resolve } from 'node:path';
import { readSettings } from '@async-http/client/protocol';
import { describe, expect, it } from 'vitest';
import { destinationActions } from './support/destination-actions.ts';
import { startSqs } from './support/queue.ts';
import { copyRecipe, recipe, wholePage } from './support/recipes.ts';
import { type Recorded, recordProgram } from './support/record-program.ts';
import { invoke, linesWith, startFunction } from './support/start-function.ts';
import { readModule } from './support/terraform.ts';

const ENVIRONMENT = 'in its own environment';
const QUEUE = 'through a queue';
const FOURTEEN_DAYS = 14 * 24 * 60 * 60;
const ARN = 'arn:aws:sqs:eu-west-1:123456789012:';
const LAYER_ZIP = 'node_modules/@async-http/layer-builder/dist/layer.zip';

/** What is common to a function of SST and one of Pulumi. */
interface FunctionArgs {
  readonly handler: string;
  readonly runtime: string;
  readonly layers: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
  /** Becomes `/var/task`. */
  readonly code: string;
}

/** How each tool says the same. */
const TOOLS = [
  {
    tool: 'SST',
    queues: { failed: 'FailedJobs', jobs: 'Jobs', dead: 'DeadJobs' },
    functions: (made: readonly Recorded[]): FunctionArgs[] =>
      made
        .filter(({ type }) => /^sst\.aws\.(Function|Queue\.subscribe)$/.test(type))
        .map(({ args: [{ environment, timeout, bundle, ...args }] }) => ({
          ...args,
          environment,
          timeoutMs: Number(/^(\d+) seconds$/.exec(timeout)?.[1]) * 1_000,
          code: bundle,
        })),
    retentionS: ([args]: Recorded['args']) => args.transform.queue.messageRetentionSeconds,
    visibilityMs: ([args]: Recorded['args']) =>
      Number(/^(\d+) minutes$/.exec(args.visibilityTimeout)?.[1]) * 60_000,
    deadLetterQueue: ([args]: Recorded['args']) => args.dlq.queue,
    reportsFailures: (made: readonly Recorded[]) =>
      only(made, 'sst.aws.Queue.subscribe').args[1].batch.partialResponses,
    actions: (made: readonly Recorded[]) =>
      made.flatMap(({ args }) => args[0]?.permissions?.[0]?.actions ?? []),
    workerActions: [], // SST adds them itself.
  },
  {
    tool: 'Pulumi',
    queues: { failed: 'failed-jobs', jobs: 'jobs', dead: 'dead-jobs' },
    functions: (made: readonly Recorded[]): FunctionArgs[] =>
      made
        .filter(({ type }) => type === 'aws.lambda.Function')
        .map(({ args: [{ environment, timeout, code, ...args }] }) => ({
          ...args,
          environment: environment.variables,
          timeoutMs: timeout * 1_000,
          code: code.assets.src.path === 'src' ? '.' : '',
        })),
    retentionS: ([args]: Recorded['args']) => args.messageRetentionSeconds,
    visibilityMs: ([args]: Recorded['args']) => args.visibilityTimeoutSeconds * 1_000,
    deadLetterQueue: ([args]: Recorded['args']) =>
      JSON.parse(args.redrivePolicy).deadLetterTargetArn,
    reportsFailures: (made: readonly Recorded[]) =>
      only(made, 'aws.lambda.EventSourceMapping').args[0].functionResponseTypes.includes(
        'ReportBatchItemFailures',
      ),
    actions: (made: readonly Recorded[]) =>
      made
        .filter(({ type }) => type === 'aws.iam.RolePolicy')
        .flatMap(({ args: [{ policy }] }) => JSON.parse(policy).Statement[0].Action),
    workerActions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
  },
] as const;

function only(made: readonly Recorded[], type: string, name?: string): Recorded {
  const [found, ...others] = made.filter(
    (candidate) => candidate.type === type && (name === undefined || candidate.name === name),
  );
  if (!found || others.length > 0) throw new Error(`Not one ${type} ${name ?? ''}`);
  return found;
}

async function record(heading: string): Promise<Recorded[]> {
  const [program] = recipe(heading);
  return recordProgram(program?.name ?? '', program?.text ?? '');
}

/** Runs a function of a recipe, with a queue in the place of those of the program. */
async function start(heading: string, args: FunctionArgs, queueArn: string, aws = {}) {
  const environment = Object.fromEntries(
    Object.entries(args.environment).map(([name, value]) => [
      name,
      value.endsWith('.arn') ? queueArn : value,
    ]),
  );
  return startFunction({
    runtime: args.runtime === 'nodejs22.x' ? 'nodejs22.x' : 'nodejs24.x',
    code: join(copyRecipe(heading), args.code),
    handler: args.handler,
    timeoutMs: args.timeoutMs,
    environment: { ...environment, ...aws },
  });
}

describe.each(TOOLS)('the recipe for $tool', ({ tool, queues, ...reads }) => {
  it.each([ENVIRONMENT, QUEUE])('%s gives every function the layer', async (way) => {
    const made = await record(`${tool}, ${way}`);
    const layer = only(made, 'aws.lambda.LayerVersion');

    expect(resolve(layer.args[0].code.path)).toBe(resolve(LAYER_ZIP));
    for (const { layers, runtime } of reads.functions(made)) {
      expect(layers).toEqual([`${layer.name}.arn`]);
      expect(layer.args[0].compatibleRuntimes).toContain(runtime);
    }
  });

  it('in its own environment has a function that replies first, and finishes the report afterwards', async () => {
    const heading = `${tool}, ${ENVIRONMENT}`;
    const [report] = reads.functions(await record(heading)) as [FunctionArgs];
    const lambda = await start(heading, report, `${ARN}failed`);

    const { reply, requestId } = await invoke(lambda, { version: '2.0' });
    await lambda.idle();

    expect(report.environment.ASYNC_HTTP_ON_FAILURE).toBe(`${queues.failed}.arn`);
    expect(reply).toEqual({ statusCode: 202, body: `${requestId}.1` });
    expect(linesWith(lambda, `report ${requestId}.1: finished`)).toHaveLength(1);
  });

  it('in its own environment may send records, and keeps them for 14 days', async () => {
    const made = await record(`${tool}, ${ENVIRONMENT}`);
    const [queue] = made.filter(({ name }) => name === queues.failed);

    expect(reads.actions(made)).toEqual([destinationActions().sqs?.action]);
    expect(reads.retentionS(queue?.args ?? [])).toBe(FOURTEEN_DAYS);
  });

  it('through a queue has a function that replies when the queue has the job, and a worker that finishes the report', async () => {
    const heading = `${tool}, ${QUEUE}`;
    const [report, worker] = reads.functions(await record(heading)) as [FunctionArgs, FunctionArgs];
    const sqs = await startSqs();
    const queue = await sqs.createQueue('Jobs');
    const api = await start(heading, report, queue.arn, sqs.environment);
    const consumer = await start(heading, worker, queue.arn, sqs.environment);

    const { reply, requestId } = await invoke(api, { version: '2.0' });
    expect(report.environment).toEqual({ ASYNC_HTTP_DELIVERY: `${queues.jobs}.arn` });
    expect(reply).toEqual({ statusCode: 202, body: `${requestId}.1` });
    expect(await queue.size()).toBe(1);

    expect(await queue.deliverTo(consumer)).toMatchObject({ delivered: 1, failed: 0 });
    await consumer.idle();
    expect(linesWith(consumer, `report ${requestId}.1: finished`)).toHaveLength(1);
  });

  it('through a queue delivers only failed jobs again, after the worker, and keeps them for 14 days in the end', async () => {
    const made = await record(`${tool}, ${QUEUE}`);
    const [, worker] = reads.functions(made);
    const argsOf = (queue: string) =>
      made.find(({ type, name }) => /\.Queue$/.test(type) && name === queue)?.args ?? [];

    expect(reads.reportsFailures(made)).toBe(true);
    expect(reads.visibilityMs(argsOf(queues.jobs))).toBe(6 * (worker?.timeoutMs ?? 0));
    expect(reads.deadLetterQueue(argsOf(queues.jobs))).toBe(`${queues.dead}.arn`);
    expect(reads.retentionS(argsOf(queues.dead))).toBe(FOURTEEN_DAYS);
    expect(reads.actions(made)).toEqual([destinationActions().sqs?.action, ...reads.workerActions]);
  });
});

it('the worker of Pulumi may do with its queue what that of the Terraform module may', async () => {
  const { resource } = await readModule(join(import.meta.dirname, '../../../infra/terraform'));
  const policy = `${resource.aws_iam_role_policy?.worker?.[0]?.policy}`;
  expect([...policy.matchAll(/"(sqs:\w+)"/g)].map(([, action]) => action)).toEqual(
    TOOLS.find(({ tool }) => tool === 'Pulumi')?.workerActions,
  );
});

it('every variable on the page is one that the layer reads', () => {
  const names = new Set(wholePage().match(/\bASYNC_[A-Z_]+\b/g));
  expect(names.size).toBeGreaterThan(2);
  for (const name of names) {
    const { problems, warnings } = readSettings({ [name]: '' });
    expect([...problems, ...warnings]).toContainEqual(expect.stringMatching(`^${name} must`));
  }
});
