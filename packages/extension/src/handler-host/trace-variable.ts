const VARIABLE = '_X_AMZN_TRACE_ID';

/**
 * Keeps `process.env._X_AMZN_TRACE_ID` right while jobs run: it is set as long as all of them belong to the
 * same trace. When they do not, it is absent, as in Lambda's runtime where it runs several requests at once;
 * the invoke store has the trace of each. Node.js allows no getter in `process.env`.
 */
export class TraceVariable {
  readonly #running: (string | undefined)[] = [];

  begin(traceId: string | undefined): void {
    this.#running.push(traceId);
    this.#update();
  }

  end(traceId: string | undefined): void {
    this.#running.splice(this.#running.indexOf(traceId), 1);
    // Without a job it stays, as between two invocations of a function.
    if (this.#running.length > 0) this.#update();
  }

  #update(): void {
    const [first] = this.#running;
    if (first !== undefined && this.#running.every((traceId) => traceId === first))
      process.env[VARIABLE] = first;
    else delete process.env[VARIABLE];
  }
}
