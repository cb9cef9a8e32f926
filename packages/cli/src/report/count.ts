import type { Report, Severity } from '../finding.ts';

export function countOf({ functions }: Report, severity: Severity): number {
  return functions
    .flatMap(({ findings }) => findings)
    .filter((finding) => finding.severity === severity).length;
}
