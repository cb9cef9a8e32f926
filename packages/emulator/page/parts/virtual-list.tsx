import type { ComponentChildren, JSX } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

export interface VirtualListProps {
  readonly count: number;
  readonly rowHeight: number;
  /** Where new rows come in: what the person looks at stays in place. */
  readonly growsAt: 'start' | 'end';
  /** Scrolled to when it changes. */
  readonly shown?: number | undefined;
  readonly render: (index: number) => ComponentChildren;
  readonly attributes: JSX.HTMLAttributes<HTMLDivElement>;
}

const MARGIN_ROWS = 8;

/** A scrolling list of which only the rows in view exist, so that 100,000 of them cost nothing. */
export function VirtualList({
  count,
  rowHeight,
  growsAt,
  shown,
  render,
  attributes,
}: VirtualListProps) {
  const box = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const [height, setHeight] = useState(600);
  const before = useRef(count);

  useLayoutEffect(() => {
    const { current } = box;
    if (!current) return;
    const observer = new ResizeObserver(() => setHeight(current.clientHeight));
    observer.observe(current);
    return () => observer.disconnect();
  }, []);

  useLayoutEffect(() => {
    const { current } = box;
    const added = count - before.current;
    before.current = count;
    if (!current || added <= 0) return;
    const end = (count - added) * rowHeight;
    if (growsAt === 'start' && current.scrollTop > 0) current.scrollTop += added * rowHeight;
    if (growsAt === 'end' && end > height && current.scrollTop + height >= end - rowHeight) {
      current.scrollTop = count * rowHeight;
    }
  }, [count, growsAt, height, rowHeight]);

  useLayoutEffect(() => {
    const { current } = box;
    if (!current || shown === undefined || shown < 0) return;
    const from = shown * rowHeight;
    if (from < current.scrollTop) current.scrollTop = from;
    const most = from + rowHeight - current.clientHeight;
    if (most > current.scrollTop) current.scrollTop = most;
  }, [shown, rowHeight]);

  const first = Math.max(0, Math.floor(top / rowHeight) - MARGIN_ROWS);
  const last = Math.min(count, Math.ceil((top + height) / rowHeight) + MARGIN_ROWS);
  const rows = Array.from({ length: Math.max(0, last - first) }, (_, index) =>
    render(first + index),
  );
  return (
    <div
      {...attributes}
      ref={box}
      onScroll={({ currentTarget }) => setTop(currentTarget.scrollTop)}
    >
      <div role="presentation" style={{ height: `${count * rowHeight}px` }}>
        <div role="presentation" style={{ transform: `translateY(${first * rowHeight}px)` }}>
          {rows}
        </div>
      </div>
    </div>
  );
}
