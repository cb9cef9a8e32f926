import type { Tone } from './style.ts';

/** A log line without what a timeline shows anyway. */
export interface ReadableLogLine {
  readonly tone: Tone;
  readonly lines: readonly string[];
}

// AWS's runtime client writes "<time>\t<request id>\t<LEVEL>\t<message>" and each newline inside as \r.
const CONSOLE_LINE = /^\d{4}-\d\d-\d\dT[\d:.]+Z\t[^\t]*\t([A-Z]+)\t(.*)$/s;
// Its own error lines: "Invoke Error \t{…,"stack":[…]}".
const ERROR_LINE = /^([A-Z][A-Za-z ]+?) *\t(\{.*\})$/s;
// Not a message that names such a place.
const FRAME_OF_RUNTIME = /^\s+at .*\/var\/runtime\//;
const TONES: Readonly<Record<string, Tone>> = {
  TRACE: 'dim',
  DEBUG: 'dim',
  WARN: 'caution',
  ERROR: 'bad',
  FATAL: 'bad',
};

/** Leaves time, request id and the level INFO out of a line that `console` wrote, and unfolds stacks. */
export function readLogLine(line: string): ReadableLogLine {
  const [, level = '', message = line] = CONSOLE_LINE.exec(line) ?? [];
  const text = unfoldStack(message);
  const shown = level === '' || level === 'INFO' ? text : `${level} ${text}`;
  return { tone: TONES[level] ?? 'plain', lines: shown.trimEnd().split(/\r\n|\r|\n/) };
}

function unfoldStack(message: string): string {
  const [, label, json = ''] = ERROR_LINE.exec(message) ?? [];
  if (label === undefined) return message;
  try {
    const { stack } = JSON.parse(json) as { stack?: unknown };
    if (!Array.isArray(stack)) return message;
    const shown = stack.map(String).filter((line) => !FRAME_OF_RUNTIME.test(line));
    return `${label}: ${shown.join('\n')}`;
  } catch {
    return message;
  }
}
