import { type DestinationTarget, MAX_RECORD_BYTES } from '@async-http/client/protocol';
import { classifyFailure } from './classify-failure.ts';
import { DestinationError } from './destination-error.ts';
import { sendUntil } from './send-until.ts';
import type { Sender } from './sender.ts';

/** Where messages of one kind are sent. */
export interface Destination<Message> {
  readonly target: DestinationTarget;
  /** The largest message it takes; infinite for S3. */
  readonly maxRecordBytes: number;
  /** Loads and warms up the client in the background, so that the first `send()` is fast. Never rejects. */
  preload(): Promise<void>;
  /**
   * Sends, and tries again with backoff for as long as the signal allows; what is permanent is tried
   * twice. Settles at the latest when the signal fires. A message can arrive twice.
   *
   * @throws {DestinationError} see its codes
   */
  send(
    message: Message,
    options: {
      readonly signal: AbortSignal /** At most; no limit without it. */;
      readonly tries?: number;
    },
  ): Promise<void>;
  close(): void;
}

/** A destination whose client is loaded when it is needed. */
export function lazyDestination<Message>(
  target: DestinationTarget,
  load: () => Promise<Sender<Message>>,
): Destination<Message> {
  let loading: Promise<Sender<Message>> | undefined;
  const sender = () => {
    loading ??= load().catch((cause) => {
      loading = undefined;
      throw clientMissing(target, cause);
    });
    return loading;
  };
  let rehearsal: Promise<void> | undefined;
  return {
    target,
    maxRecordBytes: MAX_RECORD_BYTES[target.service],
    preload() {
      rehearsal ??= sender()
        .then((open) => open.rehearse())
        .catch(() => {}); // send() meets it again.
      return rehearsal;
    },
    send: (message, { signal, tries }) =>
      sendUntil(
        { signal, tries },
        async (abortSignal) => (await sender()).send(message, abortSignal),
        (cause) => classifyFailure(target, cause),
      ),
    close() {
      loading?.then((open) => open.close()).catch(() => {}); // Nothing was opened then.
    },
  };
}

function clientMissing(target: DestinationTarget, cause: unknown): DestinationError {
  return new DestinationError({
    code: 'ASYNC_HTTP_DESTINATION_CLIENT_MISSING',
    destination: target.arn,
    message: `The client for ${target.arn} could not be loaded: ${cause}. Use a layer that was built with the clients of the destinations.`,
    cause,
  });
}
