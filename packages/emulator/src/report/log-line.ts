import type { Tone } from './style.ts';

/** A log line without what a timeline shows anyway. */
export interface ReadableLogLine {
  readonly tone: Tone;
  readonly lines: readonly string[];
}

// AWS's runtime client writes "<time>\t<request id>\t<LEVEL>\t<message>" and each newline inside as \r.
const CONSOLE_LINE = /^\d{4}-\d\d-\d\dT[\d:.]+Z\t[^\t]*\t([A-Z]+)\t(.*)$/s;
const TONES: Readonly<Record<string, Tone>> = {
  TRACE: 'dim',
  DEBUG: 'dim',
  WARN: 'caution',
  ERROR: 'bad',
  FATAL: 'bad',
};

/** Leaves time, request id and the level INFO out of a line that `console` wrote. */
export function readLogLine(line: string): ReadableLogLine {
  const [, level = '', message = line] = CONSOLE_LINE.exec(line) ?? [];
  const text = level === '' || level === 'INFO' ? message : `${level} ${message}`;
  return { tone: TONES[level] ?? 'plain', lines: text.trimEnd().split(/\r\n|\r|\n/) };
}
