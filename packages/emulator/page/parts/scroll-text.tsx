/** Text of any length that keeps its line breaks, in a box that scrolls, also with the keyboard. */
export function ScrollText({ label, text }: { readonly label: string; readonly text: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be reached with the keyboard
    <section class="scroll-text" aria-label={label} tabIndex={0}>
      <pre>{text}</pre>
    </section>
  );
}
