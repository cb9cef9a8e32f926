import { boundHistory } from './bounds.ts';
import { addEnvironmentEvent } from './environments.ts';
import { addJobEvent } from './jobs.ts';
import { addLogLine } from './log-lines.ts';
import { addResumed, addUnfinished } from './lost-work.ts';
import { addMessage } from './messages.ts';
import type { PageEntry } from './page-event.ts';
import { addQueueEvent } from './queues.ts';
import { addHttpEvent, addRunEvent } from './requests.ts';
import { createView, type View } from './view.ts';

/**
 * Adds what an entry says to the view, in place: a copy for each of 100,000 lines would take minutes. The result depends on
 * nothing but the entries and their order.
 */
export function addEntry(view: View, { seq, event }: PageEntry): void {
  if (seq <= view.lastSeq) return;
  view.lastSeq = seq;
  view.lastAt = Math.max(view.lastAt, event.at);
  if (view.startedAt === 0) view.startedAt = event.at;
  switch (event.type) {
    case 'http.request':
    case 'http.response':
      addHttpEvent(view, event);
      break;
    case 'log':
      addLogLine(view, event);
      break;
    case 'job.accepted':
    case 'job.attempt':
    case 'job.retry':
    case 'job.ended':
      addJobEvent(view, event);
      break;
    case 'unfinished':
      addUnfinished(view, event);
      break;
    case 'resumed':
      addResumed(view, event);
      break;
    case 'invoke.start':
    case 'response':
    case 'runtime.done':
    case 'invoke.end':
    case 'throttled':
      addRunEvent(view, event);
      break;
    case 'queue.batch':
    case 'queue.done':
      addQueueEvent(view, event);
      break;
    case 'queue.filtered':
      // It starts nothing, and is in the terminal.
      break;
    case 'aws.message':
      addMessage(view, event);
      break;
    default:
      addEnvironmentEvent(view, event);
  }
  boundHistory(view);
}

/** The view after these entries. */
export function viewOf(entries: Iterable<PageEntry>): View {
  const view = createView();
  for (const entry of entries) addEntry(view, entry);
  return view;
}
