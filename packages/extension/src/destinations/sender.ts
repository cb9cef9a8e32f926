import type { InvocationRecord } from '../records/invocation-record.ts';

/** A connection to one destination, made by the file of its service. */
export interface Sender<Message> {
  /** One try. Rejects with what the client throws. */
  send(message: Message, abortSignal: AbortSignal): Promise<void>;
  /** Does all that a first send does, but for the network. Never rejects. */
  rehearse(): Promise<void>;
  /** Closes its sockets. */
  close(): void;
}

/** Options of every client. Region, credentials and endpoints come from the environment, as everywhere. */
export const CLIENT_OPTIONS = {
  // Tries are counted and spaced by send-until.ts, which knows how much time is left.
  maxAttempts: 1,
} as const;

/** The part of the SDK's commands that is used here. */
interface Command {
  readonly middlewareStack: {
    add(
      middleware: () => () => Promise<never>,
      options: { step: 'finalizeRequest'; priority: 'low'; name: string },
    ): void;
  };
}

/**
 * Sends a command that stops itself once it is signed. Credentials are then known and the code is
 * compiled, which is half the time of a first send: a rescue with little CPU has none to waste.
 */
export async function rehearse<C extends Command>(
  command: C,
  send: (command: C) => Promise<unknown>,
): Promise<void> {
  command.middlewareStack.add(() => () => Promise.reject(new Error('only a rehearsal')), {
    step: 'finalizeRequest',
    priority: 'low',
    name: 'rehearsal',
  });
  await send(command).catch(() => {}); // If something else fails, the real send will say so.
}

/** What is in a command that is not sent. */
export const REHEARSED_RECORD: InvocationRecord = {
  json: '{}',
  isSuccess: false,
  functionArn: '',
  functionName: '',
  settledAt: 0,
  id: '',
};
