import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cpuLimitRefusal } from '@async-http/emulator';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Expectation,
  FAULTS,
  type Fault,
  MATRIX,
  type Outcome,
  POINTS,
  WITH_LITTLE_CPU,
} from '../src/fault-matrix/matrix.ts';
import { playCell } from '../src/fault-matrix/play-cell.ts';
import { renderTable } from '../src/fault-matrix/table.ts';
import { type Fauxqs, startFauxqs } from '../src/fauxqs.ts';
import { RUNTIMES } from './support/start-function.ts';

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
const outcomes = new Map<string, Outcome>();
const cpuRefusal = await cpuLimitRefusal();
const isRefused = (fault: Fault) => cpuRefusal !== undefined && WITH_LITTLE_CPU.has(fault);

describe.each(RUNTIMES)('nothing is lost on %s:', (runtime) => {
  describe.concurrent.each(FAULTS)('%s', (fault) => {
    const title = isRefused(fault) ? ` (skipped: ${cpuRefusal})` : '';
    it.skipIf(isRefused(fault)).each(CELLS.filter((cell) => cell.fault === fault))(
      `a job that is $point: $expected${title}`,
      { timeout: 240_000 },
      async ({ point, expected }) => {
        const outcome = await playCell(fault, point, { runtime, fauxqs });

        outcomes.set(`${runtime} ${fault} ${point}`, outcome);
        expect(outcome).toBe(expected);
      },
    );
  });
});

describe('docs/reliability.md', () => {
  const file = join(import.meta.dirname, '../../../docs/reliability.md');
  const TABLE = /(?<=<!-- fault matrix: begin -->\n).*(?=<!-- fault matrix: end -->)/s;

  it('shows what was found, on either runtime', () => {
    const [table, other] = RUNTIMES.map((runtime) =>
      renderTable(
        (fault, point, expected) =>
          outcomes.get(`${runtime} ${fault} ${point}`) ??
          (isRefused(fault) ? expected : notPlayed()),
      ),
    );
    expect(other).toBe(table);

    if (process.env.UPDATE_DOCS) {
      writeFileSync(file, readFileSync(file, 'utf8').replace(TABLE, `${table}\n`));
    }
    expect(
      readFileSync(file, 'utf8').match(TABLE)?.[0],
      'It is out of date. Run the test again with UPDATE_DOCS=1, and commit the page.',
    ).toBe(`${table}\n`);
  });
});

function notPlayed(): never {
  throw new Error('The table needs every cell: run the whole file.');
}
