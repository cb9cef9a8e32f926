import { embeddedMetricsLine } from './embedded-metrics.ts';

/** Counts what happens during a hold, and writes it as one line when the hold ends. */
export class HoldMetrics {
  readonly #functionName: string;
  readonly #write: (line: string) => void;
  #counts = { jobs: 0, failures: 0, retries: 0, rescues: 0 };
  #functionEndedAt: number | undefined;

  constructor({ functionName, write }: { functionName: string; write: (line: string) => void }) {
    this.#functionName = functionName;
    this.#write = write;
  }

  settled({ condition }: { readonly condition: string }, attempts: number): void {
    this.#counts.jobs += 1;
    if (condition !== 'Success') this.#counts.failures += 1;
    if (condition === 'DeadlineExceeded' || condition === 'EnvironmentShutdown') {
      this.#counts.rescues += 1;
    }
    this.#counts.retries += Math.max(0, attempts - 1);
  }

  functionEnded(): void {
    this.#functionEndedAt ??= Date.now();
  }

  /** Nothing is written for a hold in which no job was settled. */
  holdEnded(): void {
    const timestamp = Date.now();
    if (this.#counts.jobs > 0) {
      const tailMs = timestamp - (this.#functionEndedAt ?? timestamp);
      const figures = { ...this.#counts, tailMs };
      this.#write(embeddedMetricsLine(figures, { functionName: this.#functionName, timestamp }));
    }
    this.#counts = { jobs: 0, failures: 0, retries: 0, rescues: 0 };
    this.#functionEndedAt = undefined;
  }
}
