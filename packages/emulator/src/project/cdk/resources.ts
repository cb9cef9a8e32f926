import type { AwsResources } from '../aws-resources.ts';
import type { TemplateResource } from '../cloudformation/resource.ts';
import { generatedName } from '../deployed-name.ts';
import { type IntrinsicScope, isIntrinsic, resolveIntrinsics } from '../intrinsics.ts';
import { lambdaArn } from '../lambda-arn.ts';
import { isRecord, type Values } from '../record.ts';
import { Section, type SectionSource } from '../section.ts';
import { createTemplateScope } from '../template-scope.ts';
import type { Warnings } from '../warnings.ts';
import type { StackTemplate } from './assembly.ts';

/** A resource of one of the stacks. Its id is the logical id, with the name of its stack where several have the same. */
export interface CdkResource extends TemplateResource {
  readonly path: string | undefined;
  readonly stack: StackTemplate;
  /** Of a function: its name in Lambda. */
  readonly functionName: string;
}

/**
 * All resources of an app. Values that one stack has from another, by export or because it is nested, are
 * found; the names and ARNs of functions are those that they have here.
 */
export function readResources(
  topLevel: readonly StackTemplate[],
  { references, warnings }: { references: AwsResources; warnings: Warnings },
): CdkResource[] {
  const stacks = topLevel.flatMap(withNested);
  const idOf = createIds(stacks);
  const scopes = new Map<StackTemplate, IntrinsicScope>();
  const evaluate = (stack: StackTemplate, value: unknown): unknown => {
    const scope = scopes.get(stack);
    return scope && resolveIntrinsics(value, scope);
  };
  const functionNameOf = (stack: StackTemplate, id: string): string =>
    String(evaluate(stack, propertiesOf(stack, id).FunctionName) ?? generatedName(idOf(stack, id)));

  const refer = (stack: StackTemplate, id: string, attribute?: string): unknown => {
    const output = attribute && /^Outputs\.(.+)$/.exec(attribute)?.[1];
    const nested = stack.nested.get(id);
    if (nested && output)
      return evaluate(nested, outputValue(part(nested.template, 'Outputs')[output]));
    const properties = propertiesOf(stack, id);
    const arn = (name: unknown) => lambdaArn(String(name), stack.region);
    switch (`${typeOf(stack, id)} ${attribute ?? 'Ref'}`) {
      case 'AWS::Lambda::Function Ref':
        return functionNameOf(stack, id);
      case 'AWS::Lambda::Function Arn':
        return arn(functionNameOf(stack, id));
      case 'AWS::Lambda::Version Version':
        return LATEST;
      case 'AWS::Lambda::Version Ref':
      case 'AWS::Lambda::Version FunctionArn':
        return `${arn(evaluate(stack, properties.FunctionName))}:${LATEST}`;
      case 'AWS::Lambda::Alias Ref':
      case 'AWS::Lambda::Alias AliasArn':
        return `${arn(evaluate(stack, properties.FunctionName))}:${evaluate(stack, properties.Name)}`;
      default:
        return references.refer(idOf(stack, id), attribute);
    }
  };
  const imported = createImports(stacks, evaluate, { references, warnings });
  for (const stack of stacks) {
    const parent = stacks.find(({ nested }) => [...nested.values()].includes(stack));
    const [id = ''] = [...(parent?.nested ?? [])].find(([, nested]) => nested === stack) ?? [];
    const given = parent && part(propertiesOf(parent, id), 'Parameters');
    scopes.set(
      stack,
      createTemplateScope(stack.template, {
        region: stack.region,
        stackName: stack.name,
        resource: (name, attribute) => refer(stack, name, attribute),
        imported,
        onMissing: () => references.missed(),
        ...(parent && { given: (name) => evaluate(parent, given?.[name]) }),
        warnings,
      }),
    );
  }

  return stacks.flatMap((stack) => {
    const deep = (value: unknown) => evaluate(stack, value);
    const source: SectionSource = {
      place: () => ({ file: stack.file }),
      shallow: (value) => (isIntrinsic(value) ? deep(value) : value),
      deep,
    };
    const sections = new Section(source, stack.template).section('Resources').sections();
    return sections.flatMap(([name, section]): CdkResource[] => {
      const condition = section.string('Condition');
      if (condition !== undefined && scopes.get(stack)?.condition(condition) !== true) return [];
      return [
        {
          id: idOf(stack, name),
          type: typeOf(stack, name),
          path: section.section('Metadata').string('aws:cdk:path'),
          stack,
          section,
          properties: section.section('Properties'),
          functionName: functionNameOf(stack, name),
        },
      ];
    });
  });
}

/** The one version that a function has here. */
const LATEST = '$LATEST';

const withNested = (stack: StackTemplate): StackTemplate[] => [
  stack,
  ...[...stack.nested.values()].flatMap(withNested),
];

const part = (values: Values, key: string): Values => {
  const value = values[key];
  return isRecord(value) ? value : {};
};

const resourceOf = ({ template }: StackTemplate, id: string) =>
  part(part(template, 'Resources'), id);
const propertiesOf = (stack: StackTemplate, id: string) =>
  part(resourceOf(stack, id), 'Properties');
const typeOf = (stack: StackTemplate, id: string) => String(resourceOf(stack, id).Type);
const outputValue = (output: unknown) => (isRecord(output) ? output.Value : undefined);

function createIds(stacks: readonly StackTemplate[]) {
  const count = new Map<string, number>();
  for (const { template } of stacks) {
    for (const id of Object.keys(part(template, 'Resources'))) {
      count.set(id, (count.get(id) ?? 0) + 1);
    }
  }
  return ({ name }: StackTemplate, id: string) => ((count.get(id) ?? 0) > 1 ? `${name}-${id}` : id);
}

/** The values that stacks export, by their names. */
function createImports(
  stacks: readonly StackTemplate[],
  evaluate: (stack: StackTemplate, value: unknown) => unknown,
  { references, warnings }: { references: AwsResources; warnings: Warnings },
): (name: string) => unknown {
  return (name) => {
    for (const stack of stacks) {
      for (const output of Object.values(part(stack.template, 'Outputs')).filter(isRecord)) {
        if (isRecord(output.Export) && evaluate(stack, output.Export.Name) === name) {
          return evaluate(stack, output.Value);
        }
      }
    }
    references.missed();
    warnings.add(`The value ${name} is exported by a stack of another app, so it is empty here.`);
    return undefined;
  };
}
