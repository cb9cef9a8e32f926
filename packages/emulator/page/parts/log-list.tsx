import { useState } from 'preact/hooks';
import { readLogLine } from '../../src/report/log-line.ts';
import { count, seconds } from '../state/format.ts';
import type { LogRecord } from '../state/view.ts';
import { ScrollText } from './scroll-text.tsx';
import { VirtualList } from './virtual-list.tsx';

const ROW_HEIGHT = 22;
/** What fits into one line; the whole of it is shown when it is chosen. */
const PREVIEW = 400;

/** Log lines at the time since the request; the chosen one in full. */
export function LogList({
  lines,
  zero,
  forgotten,
  onPoint,
}: {
  readonly lines: readonly LogRecord[];
  readonly zero: number;
  readonly forgotten: number;
  readonly onPoint: (at: number | undefined) => void;
}) {
  const [chosen, setChosen] = useState<LogRecord>();
  const position = chosen === undefined ? -1 : lines.indexOf(chosen);

  const choose = (index: number) => {
    const line = lines[Math.max(0, Math.min(lines.length - 1, index))];
    setChosen(line);
    onPoint(line?.at);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === 'ArrowDown') choose(position + 1);
    else if (event.key === 'ArrowUp') choose(position - 1);
    else if (event.key === 'Home') choose(0);
    else if (event.key === 'End') choose(lines.length - 1);
    else return;
    event.preventDefault();
  };

  return (
    <div class="log-list">
      {forgotten > 0 && (
        <p class="remark">{count(forgotten, 'older line is', 'older lines are')} no longer kept.</p>
      )}
      {lines.length === 0 ? (
        <p class="remark">No log line in this stretch of time.</p>
      ) : (
        <VirtualList
          count={lines.length}
          rowHeight={ROW_HEIGHT}
          growsAt="end"
          shown={position < 0 ? undefined : position}
          attributes={{
            class: 'lines',
            role: 'listbox',
            tabIndex: 0,
            'aria-label': 'Log lines',
            style: { height: `${Math.min(lines.length, 14) * ROW_HEIGHT + 8}px` },
            ...(position >= 0 && { 'aria-activedescendant': `line-${position}` }),
            onKeyDown,
          }}
          render={(index) => {
            const record = lines[index];
            return (
              record && (
                // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the list, which has the focus
                // biome-ignore lint/a11y/useFocusableInteractive: as above, aria-activedescendant names this element
                <div
                  key={index}
                  id={`line-${index}`}
                  role="option"
                  class={`line ${record.source}`}
                  style={{ height: `${ROW_HEIGHT}px` }}
                  aria-selected={record === chosen}
                  aria-setsize={lines.length}
                  aria-posinset={index + 1}
                  onClick={() => choose(index)}
                >
                  <LineView record={record} zero={zero} />
                </div>
              )
            );
          }}
        />
      )}
      {chosen && position >= 0 && (
        <ScrollText label="The whole line" text={readLogLine(chosen.line).lines.join('\n')} />
      )}
    </div>
  );
}

function LineView({ record, zero }: { readonly record: LogRecord; readonly zero: number }) {
  // Only the beginning is taken apart: a line can be long.
  const { tone, lines } = readLogLine(record.line.slice(0, PREVIEW));
  return (
    <>
      <time>{seconds(record.at - zero)}</time>
      <span class="source">{record.source}</span>
      <span class={`text ${tone}`}>{lines.join(' ⏎ ')}</span>
    </>
  );
}
