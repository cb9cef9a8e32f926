import type { ResumedWork, UnfinishedWork } from '../lambda-types.ts';
import type { LocalAwsEvent } from '../local-aws/local-aws-event.ts';
import { readLogLine } from './log-line.ts';
import { renderMessage } from './render-message.ts';
import type { FunctionEvent, ReportEvent } from './report-event.ts';
import type { Tone } from './style.ts';

/** One line of the timeline, not yet laid out. */
export interface TimelineLine {
  readonly tone: Tone;
  readonly text: string;
  /** Number of the HTTP request, shown at the end of the line. */
  readonly request?: number;
}

export interface RenderOptions {
  /** Also what only people who write extensions want to see. */
  readonly verbose: boolean;
  /** Show Lambda's response to an invoke; a run with an HTTP API shows the HTTP response instead. */
  readonly responses: boolean;
}

const ms = (durationMs: number) => `${Math.round(durationMs).toLocaleString('en-US')} ms`;

/** What the timeline says about an event; nothing for most events unless `verbose`. */
export function renderEvent(event: ReportEvent, options: RenderOptions): TimelineLine[] {
  switch (event.type) {
    case 'http.request':
      return [
        {
          tone: 'name',
          text: `${event.method} ${event.target}${event.functionName ? '' : ' (no route)'}`,
          request: event.request,
        },
      ];
    case 'http.response':
      return [
        {
          tone: event.statusCode < 400 ? 'good' : 'bad',
          text: `→ ${event.statusCode} in ${ms(event.durationMs)}${event.problem ? `: ${event.problem}` : ''}`,
          request: event.request,
        },
      ];
    case 'action':
      return [{ tone: 'caution', text: `by hand: ${event.text}` }];
    case 'log':
      return renderLog(event, options.verbose);
    case 'aws.message':
      return [{ tone: 'name', text: renderMessage(event) }];
    case 'queue.batch':
      return [{ tone: 'name', text: `${count(event.messages)} of ${event.resource}` }];
    case 'queue.filtered':
      return [{ tone: 'dim', text: `${count(event.messages)} of ${event.resource} filtered out` }];
    case 'queue.done':
      return [renderDone(event)];
    default:
      return renderLifecycle(event, options);
  }
}

const count = (messages: number) => (messages === 1 ? '1 message' : `${messages} messages`);

function renderDone(event: Extract<LocalAwsEvent, { type: 'queue.done' }>): TimelineLine {
  const { resource, done, failed, durationMs, problem } = event;
  if (failed === 0) {
    return { tone: 'good', text: `→ ${count(done)} of ${resource} done in ${ms(durationMs)}` };
  }
  const text = `→ ${failed} of ${count(done + failed)} of ${resource} failed in ${ms(durationMs)}`;
  return { tone: 'bad', text: problem === undefined ? text : `${text}: ${problem}` };
}

type LogEvent = Extract<FunctionEvent, { type: 'log' }>;
type LifecycleEvent = Exclude<FunctionEvent, { type: 'log' }>;

function renderLog({ source, line }: LogEvent, verbose: boolean): TimelineLine[] {
  if (source === 'platform') return verbose ? [{ tone: 'dim', text: `  ${line.trimEnd()}` }] : [];
  const { tone, lines } = readLogLine(line);
  return lines.map((text) => ({ tone, text: `  ${text}` }));
}

function renderLifecycle(
  event: LifecycleEvent,
  { verbose, responses }: RenderOptions,
): TimelineLine[] {
  const line = (text: string, tone: Tone = 'dim'): TimelineLine[] => [{ tone, text }];
  const detail = (text: string): TimelineLine[] => (verbose ? line(text) : []);
  switch (event.type) {
    case 'environment.starting':
      return line(
        event.cause === 'reset' ? 'starting again after a reset' : 'starting an environment',
      );
    case 'extension.registered':
      return detail(
        `extension ${event.name} registered for ${event.events.join(', ') || 'no event'}`,
      );
    case 'init.done':
      return line(`ready after ${ms(event.durationMs)}`);
    case 'init.failed':
      return line(`INIT failed: ${event.errorType}: ${event.message}`, 'bad');
    case 'invoke.start':
      return detail(`invoke ${event.requestId ?? ''}`);
    case 'response': {
      const text = `→ ${event.functionError ?? 'response'} in ${ms(event.durationMs)}`;
      if (responses) return line(text, event.functionError ? 'bad' : 'good');
      return detail(`${text}, ${event.bytes.toLocaleString('en-US')} bytes`);
    }
    case 'runtime.done':
      return detail(`function done after ${ms(event.durationMs)}: ${event.status}`);
    case 'extension.next':
      return detail(`extension ${event.name} is ready for the next event`);
    case 'invoke.end':
      return line(
        `tail ${ms(event.tailMs)}${event.status === 'success' ? '' : `, ended with ${event.status}`}`,
        event.status === 'success' ? 'name' : 'bad',
      );
    case 'frozen':
      return line('environment frozen');
    case 'thawed':
      return line('environment thawed');
    case 'timeout':
      return line('the function timed out; its environment is reset', 'bad');
    case 'crash':
      if (event.process === 'platform') {
        return line(`cut off: the invoke ${event.requestId ?? ''} still ran`, 'bad');
      }
      return line(`${event.process} crashed: ${event.errorType}; the environment is reset`, 'bad');
    case 'shutdown.start':
      return line(`shutting down (${event.reason})`);
    case 'shutdown.done':
      return line('environment gone');
    case 'pending':
    case 'unfinished':
      return event.work.map((work) => ({
        tone: 'caution',
        text: `${event.type}: ${describeUnfinished(work)}`,
      }));
    case 'resumed':
      return event.work.map((work) => ({
        tone: work.outcome === 'finished' || work.outcome === 'still pending' ? 'dim' : 'bad',
        text: describeResumed(work),
      }));
    case 'throttled':
      return line('throttled: every environment that the function may have is busy', 'caution');
    default:
      return event satisfies never;
  }
}

/** Such as `track(): POST https://example.com/events, started 3 ms ago at src/api.ts:41:3`. */
function describeUnfinished({ what, at, ageMs }: UnfinishedWork): string {
  return `${what}${at === undefined ? '' : `, started ${ms(ageMs)} ago at ${at}`}`;
}

function describeResumed({ what, at, frozenMs, ...work }: ResumedWork): string {
  const end = describeEnd(work);
  return `${what}${at === undefined ? '' : ` of ${at}`} was frozen for ${ms(frozenMs)}; ${end}`;
}

function describeEnd({
  outcome,
  inShutdown,
  message,
}: Pick<ResumedWork, 'outcome' | 'inShutdown' | 'message'>): string {
  if (outcome === 'unknown') return 'its process ended before it could be seen what became of it';
  const when = inShutdown ? `${outcome} in SHUTDOWN` : outcome;
  return message === undefined ? when : `${when}: ${message}`;
}
