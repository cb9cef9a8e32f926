import { waitUntil } from '@async-http/client';

interface ReceiverEvent {
  ack(...args: never[]): Promise<void>;
}

interface App {
  processEvent(event: never): Promise<void>;
}

/**
 * Lets the reply of a Slack app on `AwsLambdaReceiver` leave as soon as a listener calls `ack()`, while the
 * listener keeps running: Slack waits 3 seconds, and Bolt replies only when every listener has finished.
 * What fails after the acknowledgement is logged; what fails before is Bolt's to answer, as ever.
 *
 * @returns the same app
 */
export function replyOnAck<TApp extends App>(app: TApp): TApp {
  const process = app.processEvent.bind(app) as (event: ReceiverEvent) => Promise<void>;
  const processEvent = (event: ReceiverEvent) =>
    new Promise<void>((reply, fail) => {
      let hasReplied = false;
      const acknowledge = event.ack as (...args: unknown[]) => Promise<void>;
      event.ack = async (...args: unknown[]) => {
        await acknowledge(...args);
        hasReplied = true;
        reply();
      };
      const listeners = process(event);
      listeners.then(reply, fail);
      waitUntil(
        listeners.catch((error) => {
          if (hasReplied) throw error; // Else Bolt reports it.
        }),
      );
    });
  return Object.assign(app, { processEvent });
}
