import { useState } from 'preact/hooks';
import type { Payloads } from '../../src/recording/recording.ts';
import { curlCommand } from '../state/curl.ts';
import { formattedJson } from '../state/payload-text.ts';
import type { Row } from '../state/view.ts';
import { useAttempt } from './messages.tsx';
import { SendDialog } from './send-dialog.tsx';
import { useStore } from './use-store.ts';

/** Send again, edit and send, copy as curl. */
export function RequestActions({
  row,
  payloads,
}: {
  readonly row: Row;
  readonly payloads: Payloads | undefined;
}) {
  const store = useStore();
  const attempt = useAttempt();
  const [isEditing, setEditing] = useState(false);
  const { run } = row;
  const { actions } = store;
  const event = payloads?.event?.isCut ? undefined : payloads?.event?.text;
  const json = event === undefined ? undefined : formattedJson(event);
  return (
    <div class="actions">
      {actions && run && (
        <>
          <button
            type="button"
            disabled={json === undefined}
            onClick={() =>
              attempt(
                () => actions.invoke(run.functionName, JSON.parse(event ?? '')),
                'Sent again.',
              )
            }
          >
            Send again
          </button>
          <button type="button" disabled={json === undefined} onClick={() => setEditing(true)}>
            Edit and send
          </button>
        </>
      )}
      {store.view.url !== undefined && (
        <button
          type="button"
          onClick={() => {
            const command = curlCommand((store.view.url ?? '').replace(/\/$/, ''), row, event);
            attempt(() => navigator.clipboard.writeText(command), 'Copied.');
          }}
        >
          Copy as curl
        </button>
      )}
      {isEditing && run && (
        <SendDialog
          functionName={run.functionName}
          event={json ?? '{}'}
          onClose={() => setEditing(false)}
        />
      )}
    </div>
  );
}
