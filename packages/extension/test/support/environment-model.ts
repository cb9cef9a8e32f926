/** One invocation of the function. Lambda repeats asynchronous ones with their id; the number is ours. */
export interface Run {
  readonly number: number;
  readonly requestId: string;
  /** The function is done with it. */
  hasEnded: boolean;
}

/** What a client process has rung, and nobody has heard. */
export type Rung =
  | { readonly type: 'job'; readonly job: number }
  | { readonly type: 'lease'; readonly instance: string; readonly isOpen: boolean }
  | { readonly type: 'end'; readonly run: Run };

/** A `platform.runtimeDone` that is on its way. */
export interface Report {
  readonly run: Run;
  readonly atMs: number;
}

/** How the ends of runs are heard. */
export type Ends = 'rung' | 'reported' | 'rung and reported';

export const FUNCTION = 'function';
export const OTHER_PROCESS = 'other process';

/**
 * An environment as it really is, whoever knows about it: runs have numbers here, so nothing is inferred from ids. It
 * says when the hold may end.
 */
export class EnvironmentModel {
  readonly ends: Ends;
  nowMs = 1_000;
  /** INVOKE is on its way to the extension. */
  dispatched: Run | undefined;
  /** What the function works on; it may work longer than the extension holds. */
  running: Run | undefined;
  /** What the extension holds. */
  held: Run | undefined;
  lastRun: Run | undefined;
  isFunctionDead = false;
  bell: Rung[] = [];
  reports: Report[] = [];
  readonly #ended = new Set<Run>();
  readonly #openLeases = new Set<string>();
  /** What the extension has heard, and has not seen the end of. */
  readonly jobs = new Set<number>();
  readonly leases = new Set<string>();
  #lastJob = 0;
  #lastRequest = 0;

  constructor(ends: Ends) {
    this.ends = ends;
  }

  get isWaiting(): boolean {
    return !this.held && !this.dispatched && !this.isFunctionDead;
  }

  /** Lambda waits for the function and for the extension. */
  get canDispatch(): boolean {
    return this.isWaiting && !this.running;
  }

  /** It repeats a request a minute later at the earliest, when everything about the first run has been told. */
  get canRepeat(): boolean {
    const last = this.lastRun;
    if (!this.canDispatch || !last) return false;
    const isKnown = !this.reports.some(({ run }) => run.requestId === last.requestId);
    const isHeard =
      this.ends === 'rung' || !this.bell.some((rung) => rung.type === 'end' && rung.run === last);
    return isKnown && isHeard;
  }

  dispatch(isRepeated: boolean): Run {
    if (!isRepeated) this.#lastRequest += 1;
    const number = (this.lastRun?.number ?? 0) + 1;
    const run = { number, requestId: `r${this.#lastRequest}`, hasEnded: false };
    this.dispatched = run;
    this.running = run;
    this.lastRun = run;
    // The client holds nothing for an earlier request any more.
    if (this.#openLeases.has(FUNCTION)) this.lease(FUNCTION, false);
    return run;
  }

  invoke(): Run {
    const run = this.dispatched;
    if (!run) throw new Error('nothing was dispatched');
    this.dispatched = undefined;
    this.held = run;
    return run;
  }

  handOff(): void {
    this.#lastJob += 1;
    this.bell.push({ type: 'job', job: this.#lastJob });
  }

  hasLease(instance: string): boolean {
    return this.#openLeases.has(instance);
  }

  lease(instance: string, isOpen: boolean): void {
    if (isOpen) this.#openLeases.add(instance);
    else this.#openLeases.delete(instance);
    this.bell.push({ type: 'lease', instance, isOpen });
  }

  end(): void {
    const run = this.running;
    if (!run) throw new Error('nothing runs');
    this.running = undefined;
    run.hasEnded = true;
    if (this.ends !== 'reported') this.bell.push({ type: 'end', run });
    if (this.ends !== 'rung') this.reports.push({ run, atMs: this.nowMs });
  }

  hear(): Rung {
    const rung = this.bell.shift();
    if (!rung) throw new Error('nothing was rung');
    if (rung.type === 'job') this.jobs.add(rung.job);
    else if (rung.type === 'end') this.#ended.add(rung.run);
    else if (rung.isOpen) this.leases.add(rung.instance);
    else this.leases.delete(rung.instance);
    return rung;
  }

  /** A report takes 25 ms at least, and comes in order. */
  get canReport(): boolean {
    const [next] = this.reports;
    return next !== undefined && next.run !== this.dispatched;
  }

  report(): Report {
    const report = this.reports.shift();
    if (!report) throw new Error('nothing was reported');
    this.#ended.add(report.run);
    return report;
  }

  /** Nothing that is handed off from here on could run. */
  timeIsUp(): void {
    if (this.held) this.#ended.add(this.held);
  }

  instanceDies(instance: string): void {
    this.#openLeases.delete(instance);
    this.leases.delete(instance);
    this.bell = this.bell.filter((rung) => rung.type !== 'lease' || rung.instance !== instance);
  }

  functionDies(): void {
    this.isFunctionDead = true;
    this.running = undefined;
    this.letGo();
  }

  /** The hold ends, though something may be open. */
  letGo(): void {
    this.held = undefined;
    this.leases.clear();
  }

  /** Whether the hold has to end now. If it has, it does. */
  releaseIfDone(): boolean {
    const isDone =
      this.held !== undefined &&
      this.#ended.has(this.held) &&
      this.jobs.size === 0 &&
      this.leases.size === 0;
    if (isDone) this.held = undefined;
    return isDone;
  }
}
