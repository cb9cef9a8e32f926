import type { ComponentChildren } from 'preact';
import { PickList, type PickListProps } from './pick-list.tsx';
import { Split } from './split.tsx';

const ROW_HEIGHT = 58;

interface PickSplitProps<Item>
  extends Pick<PickListProps<Item>, 'label' | 'items' | 'keyOf' | 'render'> {
  /** The entry that is shown. */
  readonly shown: Item | undefined;
  /** Whether somebody has chosen it; else it is only the first one. */
  readonly isChosen: boolean;
  readonly onChoose: (key: string | undefined) => void;
  readonly search?: ComponentChildren;
  /** What the list holds, in words. */
  readonly found: string;
  readonly detail: ComponentChildren;
}

/** A list of entries of two lines, and beside it the one that is shown. */
export function PickSplit<Item>({
  shown,
  isChosen,
  onChoose,
  search,
  found,
  detail,
  ...list
}: PickSplitProps<Item>) {
  return (
    <Split
      isOpen={isChosen}
      onBack={() => onChoose(undefined)}
      list={
        <>
          {search}
          <PickList
            {...list}
            selected={shown && list.keyOf(shown)}
            onSelect={onChoose}
            rowHeight={ROW_HEIGHT}
          />
          <p class="count">{found}</p>
        </>
      }
      detail={detail}
    />
  );
}
