import type { Answer } from '../state/verdict.ts';

/** The three things to know at first sight, in their colours. */
export function Verdict({ answers }: { readonly answers: readonly Answer[] }) {
  return (
    <dl class="verdict">
      {answers.map(({ title, figure, text, tone, isMoving }) => (
        <div key={title} class={`answer ${tone}${isMoving ? ' moving' : ''}`}>
          <dt>{title}</dt>
          <dd class="figure">{figure}</dd>
          <dd class="because">{text}</dd>
        </div>
      ))}
    </dl>
  );
}
