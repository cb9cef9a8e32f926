import { Dialog } from '../parts/dialog.tsx';

const KEYS = [
  ['1 2 3 4 5', 'requests, jobs, environments, what was lost, messages'],
  ['/', 'search'],
  ['j k', 'next and previous entry of the list'],
  ['↑ ↓ Home End', 'the same, when the list has the focus'],
  ['n', 'follow the newest'],
  ['t', 'focus the timeline'],
  ['← →', 'timeline: move'],
  ['+ −', 'timeline: zoom in and out'],
  ['0', 'timeline: the whole request again'],
  ['Esc', 'close a dialog; back to the list'],
  ['?', 'this help'],
] as const;

export function Help({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog title="Keys and colours" onClose={onClose}>
      <dl class="keys">
        {KEYS.map(([keys, effect]) => (
          <div key={keys}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{effect}</dd>
          </div>
        ))}
      </dl>
      <ul class="legend">
        <li class="init">INIT: the environment starts</li>
        <li class="reply">reply: the caller waits</li>
        <li class="tail">tail: billed, the caller has its reply</li>
        <li class="frozen">frozen: no process runs, nothing is billed</li>
        <li class="shutdown">SHUTDOWN: the environment ends</li>
      </ul>
      <p class="remark">
        Drag over the timeline to zoom in; a double click shows the request again.
      </p>
    </Dialog>
  );
}
