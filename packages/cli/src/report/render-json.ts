import type { Report } from '../finding.ts';
import { countOf } from './count.ts';

/** The report for programs. Its shape is in the README, and stays. */
export function renderJson(report: Report): string {
  const errors = countOf(report, 'error');
  return JSON.stringify(
    {
      version: 1,
      file: report.file,
      ok: errors === 0,
      summary: {
        functions: report.functions.length,
        otherFunctions: report.others,
        errors,
        warnings: countOf(report, 'warning'),
        notes: countOf(report, 'note'),
      },
      functions: report.functions.map(({ name, place, findings }) => ({
        name,
        file: place.file,
        line: place.line ?? null,
        findings: findings.map(({ code, severity, problem, advice }) => ({
          code,
          severity,
          problem,
          advice,
        })),
      })),
    },
    null,
    2,
  );
}
