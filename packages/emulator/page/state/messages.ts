import { readInvocationRecord } from '../../src/report/invocation-record.ts';
import { cutLine } from './log-lines.ts';
import type { EventOf } from './page-event.ts';
import type { Job, Message, View } from './view.ts';

/** The oldest go first. */
const MAX_MESSAGES = 2_000;

export function addMessage(view: View, event: EventOf<'aws.message'>): void {
  const { at, service, resource, key, messageId, body } = event;
  view.addedMessages += 1;
  const record = readInvocationRecord(body);
  const message: Message = {
    key: String(view.addedMessages),
    at,
    service,
    place: key === undefined ? resource : `${resource}/${key}`,
    ...(messageId !== undefined && { messageId }),
    body: cutLine(body),
    ...(record && { record }),
  };
  const job = jobOf(view, message);
  if (job) {
    message.job = job;
    job.record = message;
  }
  view.messages.set(message.key, message);
  if (messageId !== undefined) view.messagesById.set(messageId, message);
  for (const oldest of view.messages.values()) {
    if (view.messages.size <= MAX_MESSAGES) break;
    view.messages.delete(oldest.key);
    if (oldest.messageId !== undefined) view.messagesById.delete(oldest.messageId);
  }
}

/** A record names the request that handed the job off, and how the job ended: that may fit more than one. */
function jobOf(view: View, { record }: Message): Job | undefined {
  if (!record) return undefined;
  const { requestContext, responsePayload } = record;
  const { requestId = '', condition, approximateInvokeCount } = requestContext;
  const state = condition === 'Success' ? 'succeeded' : 'failed';
  const fitting = (view.jobsByRequestId.get(requestId) ?? []).filter(
    (job) =>
      job.state === state &&
      job.record === undefined &&
      (job.attemptsSaid ?? approximateInvokeCount) === approximateInvokeCount &&
      (job.error === undefined || job.error.message === responsePayload?.errorMessage),
  );
  return fitting.length === 1 ? fitting[0] : undefined;
}
