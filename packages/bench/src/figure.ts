import type { Layer } from './setup/layer.ts';

/** One figure of the table, with everything that it is compared with. */
export interface Figure {
  /** As the command line takes it, e.g. `hand-off`. */
  readonly name: string;
  /** What is measured, from where to where. */
  readonly title: string;
  readonly unit: 'ms' | 'µs' | 'MiB' | 'kB';
  /** Judged by medians. Without one, the figure is for information. */
  readonly budget?: Budget;
  measure(stand: Stand): Promise<Measured>;
}

export type Budget =
  /** At most this many times the limit that was measured beside it. */
  | { readonly timesLimit: number }
  /** At most this many units more than the limit that was measured beside it. */
  | { readonly unitsOverLimit: number }
  /** At most this many units. */
  | { readonly units: number };

export interface Measured {
  readonly ours: Series;
  /** Ours in other modes, for information: the budget is not theirs. */
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
  /** Registers what has to be ended after this figure; the last registered goes first. */
  readonly onEnd: (end: () => unknown) => void;
}
