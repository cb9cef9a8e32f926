import { resolve } from 'node:path';
import { attempt } from '../attempt.ts';
import type { AwsResources } from '../aws-resources.ts';
import { isBundler, type ProjectBundling } from '../bundlers.ts';
import type { DeclaredResources } from '../declared-resources.ts';
import type { LocalLayer } from '../layers.ts';
import type { QueueEventSource } from '../project.ts';
import { isRecord } from '../record.ts';
import type { Section } from '../section.ts';
import type { BuildDeclaration, FunctionDeclaration, Permissions } from './declaration.ts';
import { readLayerDeclarations } from './layers.ts';
import {
  join,
  ofManagedPolicies,
  ofResourcePolicies,
  ofRole,
  ofStatements,
  readPermissions,
} from './permissions.ts';
import { readSetting, readVariables } from './settings.ts';

export interface ServerlessDeclarationContext {
  readonly service: Section;
  readonly provider: Section;
  readonly folder: string;
  readonly plugins: readonly string[];
  readonly bundling: ProjectBundling;
  readonly local: ReadonlyMap<string, LocalLayer>;
  readonly declared: DeclaredResources;
  readonly resources: AwsResources;
  readonly evaluate: (value: unknown) => unknown;
  readonly eventSources: readonly QueueEventSource[];
}

/** What the file says about one of its `functions`. */
export function declareServerlessFunction(
  name: string,
  section: Section,
  context: ServerlessDeclarationContext,
): FunctionDeclaration {
  const { service, provider, folder, local, resources, evaluate, eventSources } = context;
  const owner = (key: string) => (section.has(key) ? section : provider);
  const layers = owner('layers');
  const artifact =
    section.section('package').string('artifact') ?? service.section('package').string('artifact');
  return {
    name,
    place: section.place(),
    isImage: section.has('image'),
    handler: section.string('handler'),
    runtime: readSetting(resources, () => owner('runtime').string('runtime')),
    timeoutSeconds: readSetting(resources, () => owner('timeout').integer('timeout')),
    memoryMiB: readSetting(resources, () => owner('memorySize').megabytes('memorySize')),
    code: artifact === undefined ? folder : resolve(folder, artifact),
    build: buildOf(section, artifact, context),
    layers: readLayerDeclarations({
      folder,
      local,
      resources,
      read: () => layers.list('layers').map(evaluate),
      place: layers.place('layers'),
    }),
    environment: readVariables(
      [provider.section('environment'), section.section('environment')],
      resources,
      evaluate,
    ),
    permissions: readPermissions(resources, () => permissionsOf(section, context)),
    queues: eventSources.filter(({ functionName }) => functionName === name),
  };
}

function buildOf(
  section: Section,
  artifact: string | undefined,
  { service, plugins, bundling }: ServerlessDeclarationContext,
): BuildDeclaration {
  const packages = [service.section('package'), section.section('package')];
  const addsFiles = packages.some((part) => part.has('patterns') || part.has('include'));
  const build = (bundles: BuildDeclaration['bundles']) => ({ bundles, entryPoints: [], addsFiles });
  if (artifact !== undefined) return build('nothing');
  if (bundling.bundlesJavaScript && bundling.isExplicit) return build('everything');
  // Their configuration decides, and a transpiler writes files for what a handler imports, too.
  if (plugins.some(isBundler)) return build('unknown');
  const version = attempt(() => service.string('frameworkVersion'));
  return build(/^\D*[1-3](?!\d)/.test(String(version)) ? 'nothing' : 'typescript');
}

function permissionsOf(
  section: Section,
  { provider, declared, evaluate }: ServerlessDeclarationContext,
): Permissions {
  const role = provider.section('iam').get('role');
  const external =
    section.get('role') ?? provider.get('role') ?? (isRecord(role) ? undefined : role);
  const around = ofResourcePolicies(declared);
  if (external !== undefined) return join([around, ofRole(evaluate(external), declared)]);
  const shared = isRecord(role) ? role : {};
  const statementsOfAll = join([
    ofStatements(evaluate(shared.statements)),
    ofStatements(evaluate(provider.get('iamRoleStatements'))),
    ofManagedPolicies([evaluate(shared.managedPolicies ?? [])].flat()),
    ofManagedPolicies([evaluate(provider.get('iamManagedPolicies') ?? [])].flat()),
  ]);
  // Of the plugin serverless-iam-roles-per-function.
  const own = section.get('iamRoleStatements');
  if (own === undefined) return join([around, statementsOfAll]);
  const inherits = section.get('iamRoleStatementsInherit') === true;
  return join([around, ofStatements(evaluate(own)), ...(inherits ? [statementsOfAll] : [])]);
}
