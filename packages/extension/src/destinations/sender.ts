/** A connection to one destination, made by the file of its service. */
export interface Sender<Message> {
  /** One try. Rejects with what the client throws. */
  send(message: Message, abortSignal: AbortSignal): Promise<void>;
  /** Closes its sockets. */
  close(): void;
}

/** Options of every client. Region, credentials and endpoints come from the environment, as everywhere. */
export const CLIENT_OPTIONS = {
  // Tries are counted and spaced by send-until.ts, which knows how much time is left.
  maxAttempts: 1,
} as const;
