import type { ComponentChildren } from 'preact';
import { VirtualList } from './virtual-list.tsx';

export interface PickListProps<Item> {
  readonly label: string;
  readonly items: readonly Item[];
  readonly keyOf: (item: Item) => string;
  readonly selected: string | undefined;
  readonly onSelect: (key: string) => void;
  readonly rowHeight: number;
  readonly render: (item: Item) => ComponentChildren;
}

const PAGE = 10;

/** A list of which one entry is shown beside it; arrow keys move from entry to entry. */
export function PickList<Item>({
  label,
  items,
  keyOf,
  selected,
  onSelect,
  rowHeight,
  render,
}: PickListProps<Item>) {
  const position = items.findIndex((item) => keyOf(item) === selected);
  const idOf = (key: string) => `option-${key}`;

  const onKeyDown = (event: KeyboardEvent) => {
    const steps: Record<string, number> = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: PAGE,
      PageUp: -PAGE,
      Home: -items.length,
      End: items.length,
    };
    const step = steps[event.key];
    if (step === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const next = items[Math.max(0, Math.min(items.length - 1, position + step))];
    if (next) onSelect(keyOf(next));
  };

  return (
    <VirtualList
      count={items.length}
      rowHeight={rowHeight}
      growsAt="start"
      shown={position}
      attributes={{
        class: 'pick-list',
        role: 'listbox',
        tabIndex: 0,
        'aria-label': label,
        ...(position >= 0 && { 'aria-activedescendant': idOf(selected ?? '') }),
        onKeyDown,
      }}
      render={(index) => {
        const item = items[index];
        if (!item) return null;
        const key = keyOf(item);
        return (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are those of the list, which has the focus
          // biome-ignore lint/a11y/useFocusableInteractive: as above, aria-activedescendant names this element
          <div
            key={key}
            id={idOf(key)}
            role="option"
            class="pick"
            style={{ height: `${rowHeight}px` }}
            aria-selected={key === selected}
            aria-setsize={items.length}
            aria-posinset={index + 1}
            onClick={() => onSelect(key)}
          >
            {render(item)}
          </div>
        );
      }}
    />
  );
}
