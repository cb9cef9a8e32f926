import { clock, count, seconds } from '../state/format.ts';
import { fateOf, previousDelivery } from '../state/message-fate.ts';
import type { Delivery, Row, View } from '../state/view.ts';

/** The messages of a batch, and what became of each. */
export function BatchTable({
  view,
  row,
  delivery,
}: {
  readonly view: View;
  readonly row: Row;
  readonly delivery: Delivery;
}) {
  const { records, messages, batchSize, visibilityTimeoutMs, deadLetter, resource } = delivery;
  return (
    <>
      <p class="remark">
        {count(messages, 'message')} of {resource}, at most {batchSize.toLocaleString('en-US')} in a
        batch. One that fails comes back {seconds(visibilityTimeoutMs)} after it was fetched
        {deadLetter &&
          `, and goes to ${deadLetter.resource} when it has been fetched ${count(deadLetter.maxReceiveCount, 'time')}`}
        .
      </p>
      <ul class="batch">
        {records.map(({ messageId, receiveCount }) => {
          const { words, tone, next, at } = fateOf(view, row, messageId, receiveCount);
          const before = previousDelivery(view, row, messageId);
          return (
            <li key={messageId}>
              <code>{messageId}</code>
              <span class={`fate ${tone}`}>
                {next ? <a href={hrefOf(next)}>{words}</a> : words}
                {at !== undefined && ` after ${clock(at)}`}
              </span>
              {receiveCount > 1 && (
                <small>
                  fetched for the {ordinal(receiveCount)} time
                  {before && (
                    <>
                      , <a href={hrefOf(before)}>the last one</a> at{' '}
                      {clock(before.delivery?.startedAt ?? 0)}
                    </>
                  )}
                </small>
              )}
            </li>
          );
        })}
      </ul>
      {messages > records.length && (
        <p class="remark">{count(messages - records.length, 'more message')} are not listed.</p>
      )}
    </>
  );
}

const hrefOf = (next: { readonly key: string }): string =>
  `#/${'place' in next ? 'messages' : 'requests'}/${next.key}`;

function ordinal(number: number): string {
  const endings = ['th', 'st', 'nd', 'rd'];
  const tens = number % 100;
  return `${number}${(tens < 10 || tens > 20) && endings[number % 10] ? endings[number % 10] : 'th'}`;
}
