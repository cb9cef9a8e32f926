import type { Payload } from '../../src/recording/recording.ts';
import { bytes } from './format.ts';

export interface PayloadText {
  readonly text: string;
  readonly isJson: boolean;
  readonly remark?: string;
}

/** A payload as people read it: JSON with line breaks, everything else unchanged. */
export function payloadText({ text, bytes: size, isCut }: Payload): PayloadText {
  const remark = isCut ? `The first ${bytes(text.length)} of ${bytes(size)}.` : undefined;
  const formatted = isCut ? undefined : formattedJson(text);
  return {
    text: formatted ?? text,
    isJson: formatted !== undefined,
    ...(remark !== undefined && { remark }),
  };
}

export function formattedJson(text: string): string | undefined {
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return undefined;
  }
}
