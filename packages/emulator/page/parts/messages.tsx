import { createContext } from 'preact';
import { useContext } from 'preact/hooks';

export interface Message {
  readonly text: string;
  readonly isError: boolean;
}

const Context = createContext<(message: Message) => void>(() => {});
export const MessagesProvider = Context.Provider;

/** Runs something that a person asked for, and says how it ended. */
export function useAttempt(): (work: () => Promise<unknown>, done: string) => void {
  const show = useContext(Context);
  return (work, done) => {
    work().then(
      () => show({ text: done, isError: false }),
      (error: unknown) =>
        show({ text: error instanceof Error ? error.message : String(error), isError: true }),
    );
  };
}
