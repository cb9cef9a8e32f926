import { ProjectInvalidError } from '../errors.ts';
import { isRecord } from '../record.ts';
import { splitVariable } from './variable-syntax.ts';

/** Looks up `address` (and `argument`, as in `file(argument)`); `undefined` means "not there". */
export type VariableSource = (address: string, argument: string | undefined) => unknown;

export interface VariableOptions {
  readonly file: string;
  /** By type: `self`, `env`, `opt`, `file`, …; a type that is missing here is unknown. */
  readonly sources: Readonly<Record<string, VariableSource>>;
  /** Called for a variable that has no value and no fallback. */
  readonly onUnresolved: (expression: string) => void;
}

export interface Variables {
  shallow(value: unknown): unknown;
  deep(value: unknown): unknown;
}

/**
 * Serverless Framework variables: `${type(argument):address, fallback}`, nested, and in the middle of text.
 * What is not a variable (`${AWS::Region}`, `${Parameter}`) is left unchanged, for `Fn::Sub`.
 *
 * @see https://www.serverless.com/framework/docs/guides/variables
 */
export function createVariables({ file, sources, onUnresolved }: VariableOptions): Variables {
  const open: string[] = [];

  const lookUp = (expression: string): unknown => {
    if (open.includes(expression)) {
      throw new ProjectInvalidError(
        { file },
        `the variable \${${expression}} refers to itself: ${[...open, expression].join(' → ')}.`,
      );
    }
    open.push(expression);
    try {
      for (const part of splitVariable(expression)) {
        const value =
          part.kind === 'literal'
            ? part.value
            : shallow(sources[part.type]?.(part.address, part.argument));
        if (value !== undefined && value !== null) return value;
      }
    } finally {
      open.pop();
    }
    onUnresolved(expression);
    return undefined;
  };

  // Inner variables first: `${self:custom.${sls:stage}.url}`.
  const resolveText = (text: string): unknown => {
    const start = text.indexOf('${');
    const end = start === -1 ? -1 : endOfVariable(text, start);
    if (end === -1) return text;
    const inner = toText(resolveText(text.slice(start + 2, end)));
    const isVariable = splitVariable(inner).length > 0;
    const value = isVariable ? lookUp(inner) : `\${${inner}}`;
    if (start === 0 && end === text.length - 1) return value;
    return text.slice(0, start) + toText(value) + toText(resolveText(text.slice(end + 1)));
  };

  function shallow(value: unknown): unknown {
    return typeof value === 'string' && value.includes('${') ? resolveText(value) : value;
  }

  function deep(value: unknown): unknown {
    const resolved = shallow(value);
    if (Array.isArray(resolved)) return resolved.map(deep);
    if (!isRecord(resolved)) return resolved;
    return Object.fromEntries(Object.entries(resolved).map(([key, inner]) => [key, deep(inner)]));
  }

  return { shallow, deep };
}

/** Index of the brace that closes the variable opened at `start`; -1 when there is none. */
function endOfVariable(text: string, start: number): number {
  let depth = 0;
  for (let index = start; index < text.length; index++) {
    if (text.startsWith('${', index)) depth++;
    else if (text[index] === '}' && --depth === 0) return index;
  }
  return -1;
}

const toText = (value: unknown): string =>
  value === undefined ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);
