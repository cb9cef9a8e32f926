import { type DestinationTarget, MAX_RECORD_BYTES } from './destination-target.ts';
import type { Settings } from './settings.ts';

/**
 * What a record needs beside the event and the handler's result: names, ids, and the error. A hand-off
 * is accepted only when its event leaves this much room at the destination.
 */
export const RECORD_RESERVE_BYTES = 16 * 1024;

/** SQS refuses these two, which JSON allows in strings: a record or an envelope has `\ufffe` instead. */
const NONCHARACTERS = /[\uFFFE\uFFFF]/g;
const ESCAPED_EXTRA_BYTES = 6 - 3;

/**
 * SQS refuses messages with U+FFFE or U+FFFF.
 *
 * @see SQS API, SendMessage, "MessageBody": the allowed characters
 */
export function escapeNoncharacters(json: string): string {
  return json.replace(NONCHARACTERS, (character) =>
    character === '\uFFFE' ? '\\ufffe' : '\\uffff',
  );
}

/**
 * Why a job with this event could not be recorded at its destinations, in a sentence; undefined if it could.
 *
 * @param event as JSON
 * @param eventBytes its length in UTF-8
 */
export function reasonNotRecordable(
  event: string,
  eventBytes: number,
  { onFailure, onSuccess }: Pick<Settings, 'onFailure' | 'onSuccess'>,
): string | undefined {
  const describe = (
    target: DestinationTarget | undefined,
    variable: string,
    advice: string,
  ): string | undefined => {
    if (!target) return undefined;
    const limit = MAX_RECORD_BYTES[target.service] - RECORD_RESERVE_BYTES;
    // Only an event near the limit is worth a closer look.
    if (eventBytes * 2 <= limit) return undefined;
    const bytes = eventBytes + (event.match(NONCHARACTERS)?.length ?? 0) * ESCAPED_EXTRA_BYTES;
    if (bytes <= limit) return undefined;
    return `The event has ${bytes} bytes. ${variable} (${target.arn}) takes events of up to ${limit} bytes, so the job could not be recorded there and was not accepted. ${advice}`;
  };
  return (
    describe(
      onFailure,
      'ASYNC_HTTP_ON_FAILURE',
      'Use an S3 bucket there, or put the data into S3 and hand off its key.',
    ) ?? describe(onSuccess, 'ASYNC_HTTP_ON_SUCCESS', 'Put the data into S3 and hand off its key.')
  );
}
