import { isRecord, type Values } from './record.ts';

/** What a template's names stand for on this machine. */
export interface IntrinsicScope {
  /** Value of a parameter or pseudo parameter; `undefined` for a resource. */
  readonly parameter: (name: string) => unknown;
  /** Called for a resource that exists only in AWS; the answer takes its place. */
  readonly resource: (name: string, attribute?: string) => unknown;
  readonly condition: (name: string) => unknown;
  /** Value that another stack exports. */
  readonly imported?: (name: string) => unknown;
  readonly mapping: (keys: readonly string[]) => unknown;
  /** Called for a function that has no value on this machine. */
  readonly onUnknown: (functionName: string) => void;
}

type Evaluate = (value: unknown) => unknown;

/** Whether the value is one intrinsic function: a map with its name as the only key. */
export function isIntrinsic(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const [name, ...others] = Object.keys(value);
  return name !== undefined && others.length === 0 && name in INTRINSICS;
}

/** Replaces CloudFormation's intrinsic functions in a value, however deep. */
export function resolveIntrinsics(value: unknown, scope: IntrinsicScope): unknown {
  const evaluate: Evaluate = (inner) => {
    if (Array.isArray(inner)) return inner.map(evaluate);
    if (!isRecord(inner)) return inner;
    const [name, ...others] = Object.keys(inner);
    if (name !== undefined && others.length === 0) {
      const operand = inner[name];
      const intrinsic = INTRINSICS[name];
      if (intrinsic) return intrinsic(operand, evaluate, scope);
      if (name.startsWith('Fn::')) return scope.onUnknown(name);
    }
    return Object.fromEntries(Object.entries(inner).map(([key, part]) => [key, evaluate(part)]));
  };
  return evaluate(value);
}

const refer = (name: string, scope: IntrinsicScope) =>
  // AWS::NoValue removes the property that refers to it.
  name === 'AWS::NoValue' ? undefined : (scope.parameter(name) ?? scope.resource(name));

const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value]);
const isTrue = (value: unknown) => value === true || value === 'true';

const INTRINSICS: Record<
  string,
  (operand: unknown, evaluate: Evaluate, scope: IntrinsicScope) => unknown
> = {
  Ref: (name, _, scope) => refer(String(name), scope),
  Condition: (name, _, scope) => scope.condition(String(name)),
  'Fn::GetAtt': (operand, evaluate, scope) => {
    const [name, ...attribute] = Array.isArray(operand)
      ? operand.map((part) => String(evaluate(part)))
      : String(operand).split('.');
    return scope.resource(name ?? '', attribute.join('.'));
  },
  'Fn::Sub': (operand, evaluate, scope) => {
    const [template, names] = list(operand);
    const own = evaluate(names) as Values | undefined;
    return String(template).replace(/\$\{([^!}][^}]*)\}|\$\{!([^}]*)\}/g, (_, name, literal) => {
      if (name === undefined) return `\${${literal}}`;
      const [resource = '', attribute] = name.split(/\.(.*)/s, 2);
      const value =
        own?.[name] ??
        (attribute === undefined ? refer(name, scope) : scope.resource(resource, attribute));
      return String(value ?? '');
    });
  },
  'Fn::Join': (operand, evaluate) => {
    const [separator, parts] = list(operand);
    return list(evaluate(parts)).join(String(separator));
  },
  'Fn::Split': (operand, evaluate) => {
    const [separator, text] = list(operand);
    return String(evaluate(text)).split(String(separator));
  },
  'Fn::Select': (operand, evaluate) => {
    const [index, items] = list(operand);
    return list(evaluate(items))[Number(evaluate(index))];
  },
  'Fn::Base64': (text, evaluate) => Buffer.from(String(evaluate(text))).toString('base64'),
  'Fn::ToJsonString': (value, evaluate) => JSON.stringify(evaluate(value)),
  'Fn::Length': (items, evaluate) => list(evaluate(items)).length,
  'Fn::FindInMap': (keys, evaluate, scope) => scope.mapping(list(evaluate(keys)).map(String)),
  'Fn::ImportValue': (name, evaluate, scope) =>
    scope.imported ? scope.imported(String(evaluate(name))) : scope.onUnknown('Fn::ImportValue'),
  'Fn::If': (operand, evaluate, scope) => {
    const [condition, whenTrue, whenFalse] = list(operand);
    return evaluate(isTrue(scope.condition(String(condition))) ? whenTrue : whenFalse);
  },
  'Fn::Equals': (operand, evaluate) => {
    const [left, right] = list(evaluate(operand));
    return String(left) === String(right);
  },
  'Fn::And': (operand, evaluate) => list(evaluate(operand)).every(isTrue),
  'Fn::Or': (operand, evaluate) => list(evaluate(operand)).some(isTrue),
  'Fn::Not': (operand, evaluate) => !isTrue(list(evaluate(operand))[0]),
};
