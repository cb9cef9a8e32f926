import { environmentOf } from './environments.ts';
import type { EventOf } from './page-event.ts';
import { reportFigures } from './report-figures.ts';
import { rowEnvironment } from './request-times.ts';
import type { LogRecord, Row, View } from './view.ts';

/** Of one environment, outside of requests. */
const MAX_ENVIRONMENT_LINES = 1_000;

/** Of one line; the rest is in the terminal. */
export const MAX_LINE_LENGTH = 100_000;

export function addLogLine(view: View, event: EventOf<'log'>): void {
  const { at, source, requestId, environmentId } = event;
  const line = cutLine(event.line);
  const record = { at, source, line };
  const run = requestId === undefined ? undefined : view.rowsByRequestId.get(requestId)?.run;
  if (run) {
    run.lines.push(record);
    view.keptLines += 1;
    view.keptCharacters += line.length;
    const report = source === 'platform' ? reportFigures(line) : undefined;
    if (report) run.report = report;
  } else if (environmentId !== '') {
    const { lines } = environmentOf(view, event);
    lines.push(record);
    if (lines.length > MAX_ENVIRONMENT_LINES) lines.splice(0, MAX_ENVIRONMENT_LINES / 10);
  }
}

export function cutLine(line: string): string {
  if (line.length <= MAX_LINE_LENGTH) return line;
  const left = (line.length - MAX_LINE_LENGTH).toLocaleString('en-US');
  return `${line.slice(0, MAX_LINE_LENGTH)} … and ${left} more characters`;
}

/** The lines of a request, and those of its environment outside of requests, in order. */
export function linesOf(view: View, row: Row): readonly LogRecord[] {
  const own = row.run?.lines ?? [];
  const outside = rowEnvironment(view, row)?.lines ?? [];
  return outside.length === 0 ? own : [...outside, ...own].sort((a, b) => a.at - b.at);
}
