import type { Lambda } from '@async-http/emulator';
import type { Figure, Stand } from '../figure.ts';
import { interleave } from '../interleave.ts';
import { responseMs, tailMs } from '../setup/invoke.ts';
import { type Mode, startWaitUntilFunctions } from '../setup/wait-until-functions.ts';
import { waitUntilSeries } from '../setup/wait-until-series.ts';

/** With a promise that has settled already: all that is left is what `waitUntil` itself costs. */
const USED = { suffix: '', request: 'waitUntil(settled promise)', event: { usesWaitUntil: true } };
const UNUSED = { suffix: '-unused', request: 'waitUntil() not called', event: {} };

export const waitUntilRequests: readonly Figure[] = [USED, UNUSED].flatMap(
  ({ suffix, request, event }) => [
    {
      name: `wait-until-reply${suffix}`,
      title: `${request}: warm response`,
      unit: 'ms',
      measure: (stand) => measureRequests(stand, (lambda) => responseMs(lambda, event)),
    } satisfies Figure,
    {
      name: `wait-until-tail${suffix}`,
      title: `${request}: response → release`,
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
      { rounds: stand.rounds(100), warmUp: 10 },
      { layer: of('layer'), npm: of('npm'), neither: of('neither'), plain: of('plain') },
    ),
  );
}
