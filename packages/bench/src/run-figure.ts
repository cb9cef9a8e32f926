import type { Figure } from './figure.ts';
import { type Result, toResult } from './result.ts';
import type { Layer } from './setup/layer.ts';

/** Measures one figure, and ends everything that was started for it. */
export async function runFigure(figure: Figure, layer: Layer): Promise<Result> {
  const ends: (() => unknown)[] = [];
  try {
    return toResult(figure, await figure.measure({ layer, onEnd: (end) => ends.unshift(end) }));
  } finally {
    for (const end of ends) await end();
  }
}
