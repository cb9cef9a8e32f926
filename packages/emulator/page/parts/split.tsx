import type { ComponentChildren } from 'preact';

/** A list, and beside it the entry that is chosen; on a narrow screen one of them at a time. */
export function Split({
  list,
  detail,
  isOpen,
  onBack,
}: {
  readonly list: ComponentChildren;
  readonly detail: ComponentChildren;
  /** On a narrow screen: whether the entry is shown, not the list. */
  readonly isOpen: boolean;
  readonly onBack: () => void;
}) {
  return (
    <main class={`split${isOpen ? ' open' : ''}`}>
      <div class="side">{list}</div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, also with the keyboard */}
      <section class="detail" tabIndex={0} aria-label="Details">
        <button type="button" class="quiet back" onClick={onBack}>
          ‹ List
        </button>
        {detail}
      </section>
    </main>
  );
}
