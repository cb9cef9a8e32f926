export type VariablePart =
  | {
      readonly kind: 'variable';
      readonly type: string;
      readonly argument: string | undefined;
      readonly address: string;
    }
  | { readonly kind: 'literal'; readonly value: unknown };

// `::` is CloudFormation's (`AWS::Region`), a bare word is a parameter of `Fn::Sub`.
const VARIABLE = /^([a-zA-Z][\w-]*)(?:\(([^)]*)\))?(?::(?!:)(.*))?$/s;
const TOP_LEVEL_COMMA = /,(?=(?:[^'"()]|'[^']*'|"[^"]*"|\([^)]*\))*$)/;

/**
 * Splits what stands between `${` and `}` into the variable and its fallbacks, in order.
 * Empty when it is not a variable.
 */
export function splitVariable(expression: string): VariablePart[] {
  const parts = expression.split(TOP_LEVEL_COMMA).map((text) => parsePart(text.trim()));
  return parts[0]?.kind === 'variable' ? parts.filter((part) => part !== undefined) : [];
}

function parsePart(text: string): VariablePart | undefined {
  const quoted = /^(['"])(.*)\1$/s.exec(text);
  if (quoted) return { kind: 'literal', value: quoted[2] };
  if (/^(?:true|false|null|-?\d+(?:\.\d+)?)$/.test(text)) {
    return { kind: 'literal', value: JSON.parse(text) };
  }
  const match = VARIABLE.exec(text);
  const [, type, argument, address] = match ?? [];
  if (type === undefined || (argument === undefined && address === undefined)) return undefined;
  return {
    kind: 'variable',
    type,
    argument: argument?.trim().replace(/^(['"])(.*)\1$/, '$2'),
    address: address?.trim() ?? '',
  };
}
