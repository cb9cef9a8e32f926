import { createEnvironmentNames } from './environment-names.ts';
import { type RenderOptions, renderEvent } from './render-event.ts';
import type { FunctionEvent, ReportEvent } from './report-event.ts';
import { createPaint } from './style.ts';

export interface TimelineOptions extends RenderOptions {
  readonly colors: boolean;
  /** Names of all functions; they decide how wide the second column is. */
  readonly functionNames: readonly string[];
  /** Time of day for an instant. Default: local time with milliseconds. */
  readonly clock?: (at: number) => string;
}

/** Turns events into the lines of a readable timeline: time, environment, what happened. */
export function createTimeline({
  colors,
  functionNames,
  clock = localTime,
  ...options
}: TimelineOptions): (event: ReportEvent) => string[] {
  const paint = createPaint(colors);
  const environmentName = createEnvironmentNames();
  // Room for the environments 1 to 9 of the longest name; a longer tag only shifts its own line.
  const width = Math.max(0, ...functionNames.map((name) => name.length)) + 2;

  const remarks = new Set<string>();

  return (event) => {
    if (isRemark(event)) {
      // Functions of one project are run alike, so each of them has the same to say.
      if (remarks.has(event.line)) return [];
      remarks.add(event.line);
      return [`${paint('dim', clock(event.at))}  ${paint('caution', `! ${event.line}`)}`];
    }
    const environmentId = 'environmentId' in event ? (event.environmentId ?? '') : '';
    const tag = event.functionName ? environmentName(event.functionName, environmentId) : '';
    return renderEvent(event, options).map(({ tone, text, request }) =>
      [
        paint('dim', clock(event.at)),
        paint('dim', tag.padEnd(width)),
        paint(tone, text) + (request === undefined ? '' : paint('dim', `  #${request}`)),
      ].join('  '),
    );
  };
}

/** A line of the emulator itself about how it runs a function. */
function isRemark(event: ReportEvent): event is Extract<FunctionEvent, { type: 'log' }> {
  return event.type === 'log' && event.source === 'platform' && event.environmentId === '';
}

function localTime(at: number): string {
  const date = new Date(at);
  const pad = (value: number, digits = 2) => String(value).padStart(digits, '0');
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => pad(part));
  return `${time.join(':')}.${pad(date.getMilliseconds(), 3)}`;
}
