import type { Log, LogFields } from '../../src/output/log.ts';

export interface Line {
  readonly level: string;
  readonly message: string;
  readonly fields: LogFields | undefined;
}

/** A log that remembers. */
export function memoryLog() {
  const lines: Line[] = [];
  const at = (level: string) => (message: string, fields?: LogFields) =>
    void lines.push({ level, message, fields });
  const log: Log = {
    debug: at('DEBUG'),
    info: at('INFO'),
    warn: at('WARN'),
    error: at('ERROR'),
    lastResort: at('LAST RESORT'),
  };
  return {
    log,
    lines,
    levels: () => lines.map(({ level }) => level),
    messages: () => lines.map(({ message }) => message),
  };
}
