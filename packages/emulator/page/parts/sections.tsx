import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';

export interface Section {
  readonly key: string;
  readonly name: string;
  readonly content: () => ComponentChildren;
}

/** Tabs, of which one is shown; arrow keys move between them. */
export function Sections({
  label,
  sections,
}: {
  readonly label: string;
  readonly sections: readonly Section[];
}) {
  const [key, setKey] = useState(sections[0]?.key);
  const position = Math.max(
    0,
    sections.findIndex((section) => section.key === key),
  );
  const shown = sections[position];

  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = sections[(position + step + sections.length) % sections.length];
    if (!next) return;
    setKey(next.key);
    document.getElementById(`tab-${next.key}`)?.focus();
  };

  return (
    <section class="sections">
      <div role="tablist" aria-label={label} onKeyDown={onKeyDown}>
        {sections.map((section) => (
          <button
            key={section.key}
            id={`tab-${section.key}`}
            type="button"
            role="tab"
            aria-selected={section === shown}
            aria-controls="tab-panel"
            tabIndex={section === shown ? 0 : -1}
            onClick={() => setKey(section.key)}
          >
            {section.name}
          </button>
        ))}
      </div>
      <div id="tab-panel" role="tabpanel" aria-labelledby={`tab-${shown?.key}`}>
        {shown?.content()}
      </div>
    </section>
  );
}
