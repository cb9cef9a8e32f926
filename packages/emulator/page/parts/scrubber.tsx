import { clock } from '../state/format.ts';
import { useStore } from './use-store.ts';

/** Moves through a recording. */
export function Scrubber({ startedAt }: { readonly startedAt: number }) {
  const store = useStore();
  const { seek, end, at } = store;
  if (!seek) return null;
  return (
    <label class="scrubber">
      <span>Recording</span>
      <input
        type="range"
        min={0}
        max={end - startedAt}
        step={1}
        value={at - startedAt}
        aria-valuetext={clock(at)}
        onInput={({ currentTarget }) => seek(startedAt + Number(currentTarget.value))}
      />
      <time>{clock(at)}</time>
    </label>
  );
}
