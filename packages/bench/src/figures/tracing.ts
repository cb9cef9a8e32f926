import type { Figure } from '../figure.ts';
import { apiGatewayEvent } from '../function/api-gateway-event.js';
import { interleave } from '../interleave.ts';
import { responseMs, tailMs } from '../setup/invoke.ts';
import { startTraced, TRACED, type Traced } from '../setup/traced-functions.ts';

const WHAT = {
  warm: { title: 'warm response with a hand-off, traced', measure: responseMs },
  release: { title: 'response → release, a no-op job, traced', measure: tailMs },
};

/** What OpenTelemetry in the function costs the caller, and the bill. */
export const tracing: readonly Figure[] = (['warm', 'release'] as const).map((what) => ({
  name: `tracing-${what}`,
  title: WHAT[what].title,
  unit: 'ms',
  async measure(stand) {
    const functions = await startTraced(stand);
    const event = apiGatewayEvent(1_000);
    const source = (name: Traced) => () => WHAT[what].measure(functions[name], event);
    const samples = await interleave(
      { rounds: stand.rounds(300), warmUp: 20 },
      {
        untraced: source('untraced'),
        traced: source('traced'),
        unsampled: source('unsampled'),
        alone: source('alone'),
      },
    );
    const series = (name: Traced) => ({ what: TRACED[name], samples: samples[name] });
    return {
      ours: series('untraced'),
      otherModes: [series('traced'), series('unsampled')],
      limit: series('alone'),
    };
  },
}));
