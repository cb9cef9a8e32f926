import type { View } from '../state/view.ts';

export interface ViewProps {
  readonly view: View;
  readonly now: number;
  /** What the address names; without it, the newest is shown. */
  readonly chosen: string | undefined;
  readonly onChoose: (key: string | undefined) => void;
}
