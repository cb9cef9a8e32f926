import type { Layer } from './setup/layer.ts';

/** One figure of the table, with everything that it is compared with. */
export interface Figure {
  /** As the command line takes it, e.g. `hand-off`. */
  readonly name: string;
  /** What is measured, from where to where. */
  readonly title: string;
  readonly unit: Unit;
  /** All of them are to be met. Without one, the figure is for information. */
  readonly budgets?: readonly Budget[];
  measure(stand: Stand): Promise<Measured>;
}

/** An empty unit is a number of things. */
export type Unit = 'ms' | 'µs' | 'MiB' | 'kB' | '';

/** Judged by medians, unless it says otherwise. */
export type Budget =
  /** At most this many times the limit that was measured beside it. */
  | { readonly timesLimit: number; readonly of?: Percentile }
  /** At most this many units more than the limit that was measured beside it. */
  | { readonly unitsOverLimit: number }
  /** At most this many units. */
  | { readonly units: number }
  /** Less than the first peer. */
  | { readonly belowPeer: true };

export type Percentile = 'p50' | 'p99';

export interface Measured {
  readonly ours: Series;
  /** Ours in other modes, for information: the budgets are not theirs. */
  readonly otherModes?: readonly Series[];
  /** The least that the machine needs for the same work, without us. */
  readonly limit?: Series;
  /** Other ways to do it. */
  readonly peers?: readonly Series[];
}

export interface Series {
  /** What was run, for a reader who has not seen the code. */
  readonly what: string;
  /** In the unit of the figure. */
  readonly samples: readonly number[];
}

/** What a figure is measured on. */
export interface Stand {
  readonly layer: Layer;
  /** How many rounds to take where this many are needed: fewer in a quick run. */
  readonly rounds: (needed: number) => number;
  /** Registers what has to be ended after this figure; the last registered goes first. */
  readonly onEnd: (end: () => unknown) => void;
}
