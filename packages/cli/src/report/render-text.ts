import { relative } from 'node:path';
import { styleText } from 'node:util';
import type { Finding, FunctionReport, Report, Severity } from '../finding.ts';
import { countOf } from './count.ts';

export interface TextOptions {
  readonly cwd: string;
  /** Decides, with the environment, whether there are colours. */
  readonly stream: NodeJS.WriteStream;
}

type Format = Parameters<typeof styleText>[0];
type Paint = (format: Format, text: string) => string;

const FORMATS: Readonly<Record<Severity, Format>> = {
  error: 'red',
  warning: 'yellow',
  note: 'dim',
};

/** The report for a person: a block for each function, and a line that sums up. */
export function renderText(report: Report, { cwd, stream }: TextOptions): string {
  const paint: Paint = (format, text) => styleText(format, text, { stream });
  const blocks = report.functions.map((one) => renderFunction(one, cwd, paint));
  return [...blocks, renderSummary(report, cwd, paint)].join('\n\n');
}

function renderFunction({ name, place, findings }: FunctionReport, cwd: string, paint: Paint) {
  const file = relative(cwd, place.file) || place.file;
  const at = place.line === undefined ? file : `${file}:${place.line}`;
  const head = `${paint('bold', name)}  ${paint('dim', at)}`;
  if (findings.length === 0) return `${head}\n  ${paint('green', 'ok')}`;
  return [head, ...findings.map((finding) => renderFinding(finding, paint))].join('\n');
}

function renderFinding({ code, severity, problem, advice }: Finding, paint: Paint): string {
  return [
    `  ${paint(FORMATS[severity], severity)}  ${code}`,
    `    ${problem}`,
    ...(advice === '' ? [] : [`    ${paint('cyan', '→')} ${advice}`]),
  ].join('\n');
}

function renderSummary(report: Report, cwd: string, paint: Paint): string {
  const { functions, others, file } = report;
  const place = relative(cwd, file) || file;
  if (functions.length === 0) {
    return paint('yellow', `No function in ${place} uses async-http; there was nothing to check.`);
  }
  const errors = countOf(report, 'error');
  const counts = [
    plural(functions.length, 'function'),
    plural(errors, 'error'),
    plural(countOf(report, 'warning'), 'warning'),
    plural(countOf(report, 'note'), 'note'),
  ].join(', ');
  const rest = others === 0 ? '' : ` (${plural(others, 'other function')} without async-http)`;
  return paint(errors > 0 ? 'red' : 'green', `${counts}${rest}`);
}

const plural = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;
