import { dirname, resolve } from 'node:path';
import { API_KEY, readApiKeyResource } from '../api-keys.ts';
import { assembleProject } from '../assemble-project.ts';
import { attempt } from '../attempt.ts';
import { AwsResources } from '../aws-resources.ts';
import { isBundler, readServerlessBundling } from '../bundlers.ts';
import { declareServerlessFunction } from '../declarations/serverless.ts';
import { DeclaredResources } from '../declared-resources.ts';
import { EVENT_SOURCE_MAPPING, readEventSourceMappings } from '../event-source-mappings.ts';
import { resolveIntrinsics } from '../intrinsics.ts';
import { functionInArn } from '../lambda-arn.ts';
import type { LocalLayer } from '../layers.ts';
import type {
  DeclaredProject,
  FunctionDefinition,
  QueueEventSource,
  ReadProjectOptions,
  UnusableFunctionDefinition,
} from '../project.ts';
import { pseudoParameters } from '../pseudo-parameters.ts';
import { isRecord } from '../record.ts';
import { Section, type SectionSource } from '../section.ts';
import { NOTHING_TO_RUN } from '../unsupported.ts';
import { checkUsable } from '../usable.ts';
import { Warnings } from '../warnings.ts';
import type { YamlFile } from '../yaml-file.ts';
import { ServerlessAuthorizers } from './authorizers.ts';
import { type EventRoute, readApis, readEvents, readQueueEvents } from './events.ts';
import { nameInLambda, readFunction } from './function.ts';
import { readServerlessApiKeys } from './request-checks.ts';
import { createSources } from './sources.ts';
import { createVariables, type Variables } from './variables.ts';

// They change nothing about how a function runs.
const HARMLESS_PLUGINS = [
  'serverless-offline',
  'serverless-prune-plugin',
  'serverless-dotenv-plugin',
];

/** Reads a `serverless.yml` of Serverless Framework v3 or v4. */
export function readServerless(yaml: YamlFile, options: ReadProjectOptions): DeclaredProject {
  const { file, value: root } = yaml;
  const folder = dirname(file);
  const warnings = new Warnings();
  warnings.addDuplicates(yaml);
  const files = new Set(yaml.includes);

  // The resources below are named by variables themselves.
  let onMissing = () => {};
  const variables: Variables = createVariables({
    file,
    sources: createSources({
      ...options,
      file,
      root,
      shallow: (value) => variables.shallow(value),
      onFile: (included) => files.add(included),
    }),
    onUnresolved(expression) {
      onMissing();
      warnings.add(
        `The variable \${${expression}} has no value on this machine, so what uses it is left out. ` +
          'Set it, or give it a fallback after a comma.',
      );
    },
  });
  const source: SectionSource = {
    place: (path) => ({ file, line: yaml.lineOf(path) }),
    ...variables,
  };
  const lookUp = (variable: string) => String(variables.shallow(`\${${variable}}`));
  const service = new Section(source, root);
  const provider = service.section('provider');
  const providerName = provider.string('name') ?? 'aws';
  if (providerName !== 'aws') {
    provider.fail(`is ${providerName}, but only functions of aws can run here`, 'name');
  }

  const serviceName = readServiceName(service);
  const stage = lookUp('sls:stage');
  const region = lookUp('aws:region');
  const deployedPrefix = `${serviceName}-${stage}-`;
  const parameters = pseudoParameters(region, `${serviceName}-${stage}`);
  const declared = new DeclaredResources(region);
  const resources = new AwsResources(declared);
  onMissing = () => resources.missed();
  const layers = readLayers(service, folder);
  const evaluate = (value: unknown) =>
    resolveIntrinsics(value, {
      parameter: (name) => parameters[name],
      resource: (name, attribute) => (layers.has(name) ? name : resources.refer(name, attribute)),
      condition: () => true,
      mapping: () => undefined,
      onUnknown(name) {
        resources.missed();
        warnings.add(`${name} has no value on this machine.`);
      },
    });

  const plugins = readPlugins(service);
  const bundling = readServerlessBundling(service, plugins, folder, warnings);
  const ignored = plugins.filter(
    (plugin) => !HARMLESS_PLUGINS.includes(plugin) && !isBundler(plugin),
  );
  if (ignored.length > 0) {
    warnings.add(
      `Plugins are not run (${ignored.join(', ')}): what they add or change is missing here.`,
      service.place('plugins'),
    );
  }

  const sections = functionSections(source, root);
  const templateSource = { ...source, deep: (value: unknown) => evaluate(source.deep(value)) };
  const resourcesOfFile = resourceSections(templateSource, root).map(([name, resource]) => ({
    name,
    type: resource.string('Type') ?? '',
    properties: resource.section('Properties'),
  }));
  const ofType = (wanted: string) => resourcesOfFile.filter(({ type }) => type === wanted);
  for (const { name, type, properties } of resourcesOfFile) {
    declared.add(name, type, properties);
  }
  for (const [name, section] of sections) {
    declared.addFunction(`${logicalIdOf(name)}LambdaFunction`, () =>
      nameInLambda(name, section, deployedPrefix),
    );
  }

  const functionAt = (arn: string): string | undefined => {
    const called = functionInArn(arn);
    return sections.find(
      ([name, section]) => nameInLambda(name, section, deployedPrefix) === called,
    )?.[0];
  };
  const authorizers = new ServerlessAuthorizers({
    provider,
    functionNames: sections.map(([name]) => name),
    functionAt,
    known: (read) => resources.known(read),
    evaluate,
    declared,
    resources,
    warnings,
  });
  const functions: FunctionDefinition[] = [];
  const unusable: UnusableFunctionDefinition[] = [];
  const routes: EventRoute[] = [];
  const eventSources: QueueEventSource[] = [];
  for (const [name, section] of sections) {
    const definition = attempt(() =>
      readFunction(name, section, {
        provider,
        folder,
        bundling,
        servicePackage: service.section('package').string('artifact'),
        deployedPrefix,
        layers: { folder, local: layers, warnings },
        evaluate,
        resources,
        warnings,
      }),
    );
    if (definition instanceof Error) {
      const hasUrl = section.has('url') && section.get('url') !== false;
      unusable.push({ name, hasUrl, reason: definition });
    } else functions.push(definition);
    const context = { functionName: name, section, provider, authorizers, warnings };
    routes.push(...readEvents(context));
    eventSources.push(...resources.silently(() => readQueueEvents(context, evaluate)));
  }
  eventSources.push(
    ...readEventSourceMappings(
      ofType(EVENT_SOURCE_MAPPING).map(({ properties }) => properties),
      { functionAt, references: resources, warnings },
    ),
  );
  checkUsable(functions, unusable, { folder, warnings, allowUnusable: options.allowUnusable });
  if (sections.length === 0) service.fail(`has no function, ${NOTHING_TO_RUN}`, 'functions');
  const apis = readApis(routes, { provider, stage, place: service.place('functions') });
  return assembleProject({
    file,
    functions,
    unusable,
    apis,
    apiKeys: [
      ...readServerlessApiKeys(provider),
      ...ofType(API_KEY).flatMap(({ name, properties }) =>
        readApiKeyResource(name, properties, (read) => resources.known(read)),
      ),
    ],
    declared,
    resources,
    eventSources,
    warnings,
    files,
    declarations: () => ({
      tool: 'serverless',
      functions: sections.map(([name, section]) =>
        declareServerlessFunction(name, section, {
          service,
          provider,
          folder,
          plugins,
          bundling,
          local: layers,
          declared,
          resources,
          evaluate,
          eventSources,
        }),
      ),
      layerNames: [...layers.keys()],
      isOpen: ignored.length > 0,
    }),
  });
}

/** Text, or a map with a name. */
function readServiceName(service: Section): string {
  const isMap = isRecord(service.get('service'));
  const name = isMap ? service.section('service').string('name') : service.string('service');
  return name ?? 'service';
}

/** A list, or a map with the list in `modules`. */
function readPlugins(service: Section): string[] {
  const value = service.get('plugins');
  const list = isRecord(value) ? value.modules : value;
  return Array.isArray(list) ? list.map(String) : [];
}

/** `functions` is a map, or a list of maps that are merged. */
function functionSections(source: SectionSource, root: unknown): [string, Section][] {
  const functions = source.shallow(isRecord(root) ? root.functions : undefined);
  const merged = Array.isArray(functions)
    ? Object.assign({}, ...functions.map((part) => source.shallow(part)))
    : functions;
  return new Section(source, merged, ['functions']).sections();
}

/** The resources of CloudFormation beside the functions; `resources` is a map, or a list of maps that are merged. */
function resourceSections(source: SectionSource, root: unknown): [string, Section][] {
  const parts = [source.shallow(isRecord(root) ? root.resources : undefined)].flat();
  const merged = parts.map((part) => {
    const template = source.shallow(part);
    return source.shallow(isRecord(template) ? template.Resources : undefined);
  });
  return new Section(source, Object.assign({}, ...merged), ['resources', 'Resources']).sections();
}

/** How the framework begins logical ids: `async-http` → `AsyncDashhttp`. */
function logicalIdOf(name: string): string {
  const normalized = name.replace(/-/g, 'Dash').replace(/_/g, 'Underscore');
  return `${normalized.charAt(0).toUpperCase()}${normalized.slice(1)}`;
}

/** Layers of the file by the name that `Ref` has for them: `async-http` → `AsyncDashhttpLambdaLayer`. */
function readLayers(service: Section, folder: string): Map<string, LocalLayer> {
  return new Map(
    service
      .section('layers')
      .sections()
      .map(([name, section]) => {
        const path = section.section('package').string('artifact') ?? section.string('path');
        return [
          `${logicalIdOf(name)}LambdaLayer`,
          {
            name,
            path: path === undefined ? undefined : resolve(folder, path),
            place: section.place(),
          },
        ];
      }),
  );
}
