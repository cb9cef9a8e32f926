import {
  type Expectation,
  FAULTS,
  type Fault,
  MATRIX,
  POINTS,
  type Point,
  type Verdict,
} from './matrix.ts';

/** The matrix as a Markdown table; what cannot happen gets a footnote with the reason. */
export function renderTable(
  verdictOf: (fault: Fault, point: Point, expected: Verdict) => Verdict,
): string {
  const reasons: string[] = [];
  const cell = (fault: Fault, point: Point): string => {
    const expectation: Expectation = MATRIX[fault][point];
    if (typeof expectation === 'string') return verdictOf(fault, point, expectation);
    const { cannotHappen } = expectation;
    if (!reasons.includes(cannotHappen)) reasons.push(cannotHappen);
    return `– <sup>${reasons.indexOf(cannotHappen) + 1}</sup>`;
  };
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const rows = FAULTS.map((fault) => row([fault, ...POINTS.map((point) => cell(fault, point))]));
  return [
    row(['fault', ...POINTS]),
    row(['---', ...POINTS.map(() => '---')]),
    ...rows,
    '',
    ...reasons.map((reason, index) => `<sup>${index + 1}</sup> Cannot happen: ${reason}<br>`),
  ].join('\n');
}
