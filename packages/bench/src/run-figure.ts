import type { Figure, Stand } from './figure.ts';
import { type Result, toResult } from './result.ts';

/** Measures one figure, and ends everything that was started for it. */
export async function runFigure(
  figure: Figure,
  stand: Pick<Stand, 'layer' | 'rounds'>,
): Promise<Result> {
  const ends: (() => unknown)[] = [];
  try {
    return toResult(figure, await figure.measure({ ...stand, onEnd: (end) => ends.unshift(end) }));
  } finally {
    for (const end of ends) await end();
  }
}
