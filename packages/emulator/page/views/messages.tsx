import { PickSplit } from '../parts/pick-split.tsx';
import { RowLink } from '../parts/row-link.tsx';
import { ScrollText } from '../parts/scroll-text.tsx';
import { clock, count } from '../state/format.ts';
import { jobName } from '../state/job-name.ts';
import { formattedJson } from '../state/payload-text.ts';
import type { Message, View } from '../state/view.ts';
import type { ViewProps } from './view-props.ts';

const SERVICES: Readonly<Record<Message['service'], string>> = {
  sqs: 'queue',
  sns: 'topic',
  events: 'event bus',
  s3: 'bucket',
};

export function Messages({ view, chosen, onChoose }: ViewProps) {
  if (view.messages.size === 0) {
    return (
      <main class="first-steps">
        <h2>No messages yet</h2>
        <p>
          What functions send to local queues, topics, event buses and buckets is listed here,
          unless a queue passes it to a function: then it is a request.
        </p>
      </main>
    );
  }
  const all = [...view.messages.values()].reverse();
  const message = view.messages.get(chosen ?? '') ?? all[0];
  return (
    <PickSplit
      label="Messages"
      items={all}
      keyOf={({ key }) => key}
      shown={message}
      isChosen={chosen !== undefined}
      onChoose={onChoose}
      render={(item) => <MessageItem message={item} />}
      found={`${count(all.length, 'message')} that no function has fetched`}
      detail={message && <MessageDetail view={view} message={message} />}
    />
  );
}

function MessageItem({
  message: { place, service, at, record, body },
}: {
  readonly message: Message;
}) {
  return (
    <div class="job-item">
      <span class="target">{place}</span>
      <span class={`state ${record?.requestContext.condition === 'Success' ? 'succeeded' : ''}`}>
        {record?.requestContext.condition ?? SERVICES[service]}
      </span>
      <span class="place">{record ? 'record of a job' : body.slice(0, 80)}</span>
      <span class="times">{clock(at)}</span>
    </div>
  );
}

function MessageDetail({ view, message }: { readonly view: View; readonly message: Message }) {
  const { place, service, at, body, record, job, messageId } = message;
  const requestId = record?.requestContext.requestId;
  const origin = requestId === undefined ? undefined : view.rowsByRequestId.get(requestId);
  const rows = messageId === undefined ? [] : (view.deliveries.get(messageId) ?? []);
  return (
    <>
      <header class="title">
        <h2>{place}</h2>
        <p>
          {SERVICES[service]} · {clock(at)}
          {messageId !== undefined && (
            <>
              {' · '}
              <code>{messageId}</code>
            </>
          )}
        </p>
      </header>
      {record && (
        <p class="sentence">
          The record of{' '}
          {job ? (
            <a href={`#/jobs/${encodeURIComponent(job.key)}`}>{jobName(view, job)}</a>
          ) : origin ? (
            <>
              a job of <RowLink row={origin} />
            </>
          ) : (
            'a job that is not on this page'
          )}
          : {record.requestContext.condition}.
        </p>
      )}
      {rows.length > 0 && (
        <section>
          <h3>Where it was before</h3>
          <ul class="plain">
            {rows.map((row) => (
              <li key={row.key}>
                <RowLink row={row} /> at {clock(row.delivery?.startedAt ?? 0)}
              </li>
            ))}
          </ul>
        </section>
      )}
      <section>
        <h3>Body</h3>
        <ScrollText label="Body" text={formattedJson(body) ?? body} />
      </section>
    </>
  );
}
