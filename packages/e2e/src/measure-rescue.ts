// How long a rescue takes with little CPU, and from SHUTDOWN to the accepted record:
// measure-rescue [--runs 20]
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Fauxqs, startFauxqs } from './fauxqs.ts';
import { openGate } from './gate.ts';
import { openFunction } from './open-function.ts';
import { openStage } from './stage.ts';

const { values } = parseArgs({ options: { runs: { type: 'string', default: '20' } } });
const runs = Number(values.runs);
const TIMEOUT_MS = 3_000;

const fauxqs = await startFauxqs();
try {
  for (const share of [1, 0.5, 0.1]) {
    const deadline = await measure(share, fauxqs, 'deadline');
    print(`${share} CPU, deadline: left when the record was accepted`, deadline, 'min');
    const shutdown = await measure(share, fauxqs, 'shutdown');
    print(`${share} CPU, SHUTDOWN → record accepted`, shutdown, 'p99');
  }
} finally {
  fauxqs.close();
}

function print(what: string, figures: readonly (number | undefined)[], bound: 'min' | 'p99'): void {
  const sorted = figures.filter((ms) => ms !== undefined).sort((a, b) => a - b);
  const at = (part: number) => Math.round(sorted[Math.floor((sorted.length - 1) * part)] ?? 0);
  const limit = bound === 'min' ? `min ${at(0)} ms` : `p99 ${at(0.99)} ms`;
  const missed = figures.length - sorted.length;
  process.stdout.write(
    `${what}: p50 ${at(0.5)} ms, ${limit}${missed > 0 ? `, not in time ${missed} of ${figures.length}` : ''}\n`,
  );
}

/** @returns ms, or undefined where the record did not arrive in time */
async function measure(
  share: number,
  fauxqs: Fauxqs,
  by: 'deadline' | 'shutdown',
): Promise<(number | undefined)[]> {
  const figures: (number | undefined)[] = [];
  for (let run = 0; run < runs; run += 1) {
    const stage = await openStage();
    const gate = await openGate(fauxqs.endpoint);
    const failures = await fauxqs.createQueue(`measure-${by}-${share * 10}-${run}`);
    stage.answerAll({ load: () => ({}) });
    const lambda = await openFunction({
      runtime: 'nodejs24.x',
      timeoutMs: TIMEOUT_MS,
      cpuCores: share,
      code: join(import.meta.dirname, 'remote'),
      handler: 'function.handler',
      environment: {
        ...stage.variables,
        ASYNC_HANDLER: 'job.handler',
        ASYNC_HTTP_ON_FAILURE: failures.arn,
        AWS_ENDPOINT_URL_SQS: gate.endpoint,
      },
    });
    const startedAt = Date.now();
    const reply = lambda.invoke({});
    const invoked = await stage.asked('function', { step: 'invoked' });
    const invokedAt = lambda.timeline.find(({ type }) => type === 'invoke.start')?.at ?? startedAt;
    invoked.answer({ do: 'hand off', event: { name: 'measured' } });
    const accepted = await stage.asked('function', { step: 'handed off' });
    if (by === 'deadline') accepted.answer({ do: 'reply' });
    else {
      await stage.asked('job');
      await lambda.kill('runtime');
    }
    await Promise.race([gate.arrival, lambda.idle()]);
    const arrivedAt = Date.now();
    await reply;
    await lambda.idle();
    const isThere = (await failures.receive()).length > 0;
    const shutdownAt = lambda.timeline.find(({ type }) => type === 'shutdown.start')?.at ?? 0;
    const ms = by === 'deadline' ? invokedAt + TIMEOUT_MS - arrivedAt : arrivedAt - shutdownAt;
    figures.push(isThere ? ms : undefined);
    if (by === 'deadline' && lambda.timeline.some(({ type }) => type === 'timeout')) {
      process.stdout.write(`${share} CPU: the function timed out\n`);
    }
    await lambda.close();
    stage.close();
    gate.close();
  }
  return figures;
}
