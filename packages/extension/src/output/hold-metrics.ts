import { embeddedMetricsLine, outcomeMetricsLine } from './embedded-metrics.ts';

/** Jobs that the deadline or the end of the environment has ended. */
const RESCUES = ['DeadlineExceeded', 'EnvironmentShutdown'];

/** Counts what happens during a hold, and writes it as lines when the hold ends. */
export class HoldMetrics {
  readonly #functionName: string;
  readonly #write: (line: string) => void;
  /** How many jobs have ended in each way. */
  #outcomes = new Map<string, number>();
  #retries = 0;
  #functionEndedAt: number | undefined;

  constructor({ functionName, write }: { functionName: string; write: (line: string) => void }) {
    this.#functionName = functionName;
    this.#write = write;
  }

  settled({ condition }: { readonly condition: string }, attempts: number): void {
    this.#outcomes.set(condition, (this.#outcomes.get(condition) ?? 0) + 1);
    this.#retries += Math.max(0, attempts - 1);
  }

  functionEnded(): void {
    this.#functionEndedAt ??= Date.now();
  }

  /** Nothing is written for a hold in which no job was settled. */
  holdEnded(): void {
    const timestamp = Date.now();
    const origin = { functionName: this.#functionName, timestamp };
    const outcomes = [...this.#outcomes];
    const jobsWith = (isCounted: (condition: string) => boolean) =>
      outcomes.reduce((sum, [condition, jobs]) => sum + (isCounted(condition) ? jobs : 0), 0);
    if (outcomes.length > 0) {
      const figures = {
        jobs: jobsWith(() => true),
        failures: jobsWith((condition) => condition !== 'Success'),
        retries: this.#retries,
        rescues: jobsWith((condition) => RESCUES.includes(condition)),
        tailMs: timestamp - (this.#functionEndedAt ?? timestamp),
      };
      this.#write(embeddedMetricsLine(figures, origin));
    }
    for (const [condition, jobs] of outcomes) {
      this.#write(outcomeMetricsLine(condition, jobs, origin));
    }
    this.#outcomes = new Map();
    this.#retries = 0;
    this.#functionEndedAt = undefined;
  }
}
