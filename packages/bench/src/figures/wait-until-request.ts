import type { Lambda } from '@async-http/emulator';
import { timed } from '../clock.ts';
import type { Figure, Stand } from '../figure.ts';
import { interleave } from '../interleave.ts';
import { invoke } from '../setup/start-functions.ts';
import { type Mode, startWaitUntilFunctions } from '../setup/wait-until-functions.ts';
import { waitUntilSeries } from '../setup/wait-until-series.ts';

/** With a promise that has settled already: all that is left is what `waitUntil` itself costs. */
const USED = { suffix: '', request: 'waitUntil(settled promise)', event: { usesWaitUntil: true } };
const UNUSED = { suffix: '-unused', request: 'waitUntil() not called', event: {} };

export const waitUntilRequests: readonly Figure[] = [USED, UNUSED].flatMap(
  ({ suffix, request, event }) => [
    {
      name: `wait-until-reply${suffix}`,
      title: `${request}: request → reply, on the emulator`,
      unit: 'ms',
      measure: (stand) => measureRequests(stand, (lambda) => replyMs(lambda, event)),
    } satisfies Figure,
    {
      name: `wait-until-tail${suffix}`,
      title: `${request}: response → invoke.end, on the emulator`,
      unit: 'ms',
      measure: (stand) => measureRequests(stand, (lambda) => tailMs(lambda, event)),
    } satisfies Figure,
  ],
);

async function measureRequests(stand: Stand, sample: (lambda: Lambda) => Promise<number>) {
  const lambdas = await startWaitUntilFunctions(stand);
  const of = (mode: Mode) => () => sample(lambdas[mode]);
  return waitUntilSeries(
    await interleave(
      { rounds: 100, warmUp: 10 },
      { layer: of('layer'), npm: of('npm'), neither: of('neither'), plain: of('plain') },
    ),
  );
}

/** What the caller waits for. */
async function replyMs(lambda: Lambda, event: unknown): Promise<number> {
  const durationMs = await timed(() => invoke(lambda, event));
  await lambda.idle();
  return durationMs;
}

/** What is billed after it. */
async function tailMs(lambda: Lambda, event: unknown): Promise<number> {
  await invoke(lambda, event);
  await lambda.idle();
  const end = lambda.timeline.findLast(({ type }) => type === 'invoke.end');
  if (end?.type !== 'invoke.end') throw new Error('The request has not ended.');
  return end.tailMs;
}
