import { styleText } from 'node:util';

export type Tone = 'plain' | 'dim' | 'good' | 'bad' | 'caution' | 'name';

/** Colours a piece of text; without colours the text stays unchanged. */
export type Paint = (tone: Tone, text: string) => string;

const FORMATS = {
  dim: 'dim',
  good: 'green',
  bad: 'red',
  caution: 'yellow',
  name: 'cyan',
} as const;

export const createPaint =
  (colors: boolean): Paint =>
  (tone, text) =>
    tone === 'plain' || !colors ? text : styleText(FORMATS[tone], text, { validateStream: false });

/**
 * Whether a stream gets colours: only a terminal does, unless the person says otherwise.
 *
 * @see https://no-color.org and https://force-color.org
 */
export function wantsColors(
  stream: { readonly isTTY?: boolean },
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  if (env.FORCE_COLOR) return env.FORCE_COLOR !== '0' && env.FORCE_COLOR !== 'false';
  if (env.NO_COLOR) return false;
  return stream.isTTY === true && env.TERM !== 'dumb';
}
