import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cpuLimitRefusal } from '@async-http/emulator';
import { isWhole } from '@async-http/test-support';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Expectation,
  FAULTS,
  type Fault,
  MATRIX,
  POINTS,
  type Verdict,
  verdictOf,
  WITH_LITTLE_CPU,
} from '../src/fault-matrix/matrix.ts';
import { playCell } from '../src/fault-matrix/play-cell.ts';
import { renderTable } from '../src/fault-matrix/table.ts';
import { type Fauxqs, startFauxqs } from '../src/fauxqs.ts';
import { RUNTIMES, type Runtime } from './support/start-function.ts';

let fauxqs: Fauxqs;
beforeAll(async () => {
  fauxqs = await startFauxqs();
});
afterAll(() => fauxqs.close());

const CELLS = FAULTS.flatMap((fault) =>
  POINTS.flatMap((point) => {
    const expected: Expectation = MATRIX[fault][point];
    return typeof expected === 'string' ? [{ fault, point, expected }] : [];
  }),
);
const verdicts = new Map<string, Verdict>();
const cpuRefusal = await cpuLimitRefusal();
/** Why a row is not played; undefined where it is. */
const reasonToSkip = (fault: Fault) => (WITH_LITTLE_CPU.has(fault) ? cpuRefusal : undefined);
/** Cells take seconds, so every twelfth one is played, on the runtimes in turn; with TESTS=whole all on both. */
const isPlayed = (runtime: Runtime, cell: (typeof CELLS)[number]) =>
  isWhole || CELLS.indexOf(cell) % 24 === 12 * RUNTIMES.indexOf(runtime);

describe.each(RUNTIMES)('nothing is lost on %s:', (runtime) => {
  const played = CELLS.filter((cell) => isPlayed(runtime, cell));
  describe.concurrent.each([...new Set(played.map(({ fault }) => fault))])('%s', (fault) => {
    const reason = reasonToSkip(fault);
    const title = reason === undefined ? '' : ` (skipped: ${reason})`;
    it.skipIf(reason !== undefined).each(played.filter((cell) => cell.fault === fault))(
      `a job that is $point: $expected${title}`,
      { timeout: 300_000 },
      async ({ point, expected }) => {
        const outcome = await playCell(fault, point, { runtime, fauxqs });

        const verdict = verdictOf(outcome, expected);
        verdicts.set(`${runtime} ${fault} ${point}`, verdict);
        expect(verdict).toBe(expected);
      },
    );
  });
});

describe('docs/reliability.md', () => {
  const file = join(import.meta.dirname, '../../../docs/reliability.md');
  const TABLE = /(?<=<!-- fault matrix: begin -->\n).*(?=<!-- fault matrix: end -->)/s;

  it('shows what was found, and what is expected of the cells that were not played', () => {
    const table = renderTable((fault, point, expected) => {
      const found = RUNTIMES.flatMap(
        (runtime) => verdicts.get(`${runtime} ${fault} ${point}`) ?? [],
      );
      if (isWhole && found.length === 0 && reasonToSkip(fault) === undefined) return notPlayed();
      return found.find((verdict) => verdict !== expected) ?? expected;
    });

    // Only what has been seen is written.
    if (process.env.UPDATE_DOCS && isWhole) {
      writeFileSync(file, readFileSync(file, 'utf8').replace(TABLE, `${table}\n`));
    }
    expect(
      readFileSync(file, 'utf8').match(TABLE)?.[0],
      'It is out of date. Run the test again with TESTS=whole and UPDATE_DOCS=1, and commit the page.',
    ).toBe(`${table}\n`);
  });
});

function notPlayed(): never {
  throw new Error('The table needs every cell: run the whole file.');
}
