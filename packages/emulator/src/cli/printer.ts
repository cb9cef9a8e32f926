import { type JobEvent, RECORDING_VERSION, type RecordedEvent } from '../recording/recording.ts';
import type { ReportEvent } from '../report/report-event.ts';
import { createTimeline, type TimelineOptions } from '../report/timeline.ts';

export interface PrinterOptions extends TimelineOptions {
  /** One JSON line for each event; the first line has the version of the format. */
  readonly json: boolean;
}

/** Prints what happens, for people or for machines. */
export function createPrinter(
  { json, ...options }: PrinterOptions,
  out: (line: string) => void,
): (event: RecordedEvent) => void {
  if (json) {
    out(JSON.stringify({ type: 'events', version: RECORDING_VERSION }));
    return (event) => out(JSON.stringify(event));
  }
  const timeline = createTimeline(options);
  return (event) => {
    // People see the log lines from which it is known.
    if (!isOfJob(event)) for (const line of timeline(event)) out(line);
  };
}

const isOfJob = (event: RecordedEvent): event is Exclude<RecordedEvent, ReportEvent> & JobEvent =>
  event.type.startsWith('job.');
