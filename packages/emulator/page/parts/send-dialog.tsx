import { useState } from 'preact/hooks';
import { Dialog } from './dialog.tsx';
import { useAttempt } from './messages.tsx';
import { useStore } from './use-store.ts';

/** Edits an event and sends it to its function. */
export function SendDialog({
  functionName,
  event,
  onClose,
}: {
  readonly functionName: string;
  readonly event: string;
  readonly onClose: () => void;
}) {
  const store = useStore();
  const attempt = useAttempt();
  const [text, setText] = useState(event);
  const problem = jsonProblem(text);
  return (
    <Dialog title={`Send an event to ${functionName}`} onClose={onClose}>
      <form
        method="dialog"
        onSubmit={() => {
          const { actions } = store;
          if (actions) attempt(() => actions.invoke(functionName, JSON.parse(text)), 'Sent.');
        }}
      >
        <label>
          Event, as JSON
          <textarea
            rows={16}
            spellcheck={false}
            value={text}
            aria-invalid={problem !== undefined}
            onInput={({ currentTarget }) => setText(currentTarget.value)}
          />
        </label>
        <p class="problem" role="status">
          {problem}
        </p>
        <button type="submit" class="main" disabled={problem !== undefined}>
          Send
        </button>
      </form>
    </Dialog>
  );
}

function jsonProblem(text: string): string | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
