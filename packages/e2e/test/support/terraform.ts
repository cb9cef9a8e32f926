import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

// Its types would bring those of the DOM into every file of the workspace.
const { parse }: { parse(name: string, hcl: string): Promise<Parsed> } = createRequire(
  import.meta.url,
)('@cdktf/hcl2json');

type Blocks = Readonly<Record<string, readonly Record<string, unknown>[]>>;

/** The blocks of a module, as the parser has them: expressions are texts in `${…}`. */
export interface TerraformModule {
  readonly variable: Blocks;
  readonly output: Blocks;
  readonly module: Blocks;
  readonly locals: Readonly<Record<string, unknown>>;
  /** By type and name. */
  readonly resource: Readonly<Record<string, Blocks>>;
  readonly data: Readonly<Record<string, Blocks>>;
}

interface Parsed extends Partial<Omit<TerraformModule, 'locals'>> {
  readonly locals?: readonly Record<string, unknown>[];
}

/** @throws where HCL is not well-formed */
export async function readModule(folder: string): Promise<TerraformModule> {
  const files = readdirSync(folder).filter((name) => name.endsWith('.tf'));
  return parseModule(
    Object.fromEntries(files.map((name) => [name, readFileSync(join(folder, name), 'utf8')])),
  );
}

/** @throws where HCL is not well-formed */
export async function parseModule(files: Readonly<Record<string, string>>) {
  const parsed: Parsed[] = await Promise.all(
    Object.entries(files).map(([name, text]) => parse(name, text)),
  );
  const all = <Kind extends 'variable' | 'output' | 'module' | 'resource' | 'data'>(kind: Kind) =>
    merge(parsed.map((file) => file[kind] ?? {})) as TerraformModule[Kind];
  return {
    variable: all('variable'),
    output: all('output'),
    module: all('module'),
    locals: Object.assign({}, ...parsed.flatMap(({ locals = [] }) => locals)),
    resource: all('resource'),
    data: all('data'),
  };
}

/** Resources of one type are in several files. */
function merge(parts: readonly Readonly<Record<string, unknown>>[]): Record<string, unknown> {
  const merged: Record<string, unknown> = {};
  for (const [key, value] of parts.flatMap((part) => Object.entries(part))) {
    merged[key] = Array.isArray(value) ? value : { ...(merged[key] ?? {}), ...(value as object) };
  }
  return merged;
}

/** What its expressions refer to, such as `var.worker`, `local.actions`, `module.async_http.layer_arn`, `aws_sqs_queue.jobs`. */
export function referencesIn(module: TerraformModule): ReadonlySet<string> {
  const { variable, ...rest } = module;
  // What stands in quotes and not in `${…}` is text.
  const expressions = [...JSON.stringify({ variable, ...rest }).matchAll(/"\$\{(?:[^"\\]|\\.)*"/g)]
    .map(([json]) => JSON.parse(json) as string)
    .join('\n');
  const forms =
    /\b(?:var|local)\.\w+|\bmodule\.\w+\.\w+|\bdata\.\w+\.\w+|(?<![.\w])aws_\w+\.\w+|(?<=\{)aws_\w+\.\w+/g;
  return new Set([...expressions.matchAll(forms)].map(([reference]) => reference));
}

/** What can be referred to, except by `module`. */
export function declaredIn({
  variable,
  locals,
  resource,
  data,
}: TerraformModule): ReadonlySet<string> {
  return new Set([
    ...Object.keys(variable).map((name) => `var.${name}`),
    ...Object.keys(locals).map((name) => `local.${name}`),
    ...typesAndNames(resource),
    ...typesAndNames(data).map((name) => `data.${name}`),
  ]);
}

function typesAndNames(kind: TerraformModule['resource']): string[] {
  return Object.entries(kind).flatMap(([type, blocks]) =>
    Object.keys(blocks).map((name) => `${type}.${name}`),
  );
}
