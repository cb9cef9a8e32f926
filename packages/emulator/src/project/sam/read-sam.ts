import { dirname } from 'node:path';
import { API_KEY, readApiKeyResource } from '../api-keys.ts';
import { mergeApis, warnOfSeveral } from '../api-list.ts';
import { assembleProject } from '../assemble-project.ts';
import { attempt } from '../attempt.ts';
import type { AuthorizerScope } from '../authorizers.ts';
import { AwsResources } from '../aws-resources.ts';
import { readCloudFormationApis } from '../cloudformation/apis.ts';
import { declareSamFunction } from '../declarations/sam.ts';
import { DeclaredResources } from '../declared-resources.ts';
import { EVENT_SOURCE_MAPPING, readEventSourceMappings } from '../event-source-mappings.ts';
import { isIntrinsic, resolveIntrinsics } from '../intrinsics.ts';
import { functionInArn } from '../lambda-arn.ts';
import type { LocalLayer } from '../layers.ts';
import { readOpenApi } from '../open-api/read-open-api.ts';
import type {
  DeclaredProject,
  FunctionDefinition,
  QueueEventSource,
  ReadProjectOptions,
  UnusableFunctionDefinition,
} from '../project.ts';
import { Section, type SectionSource } from '../section.ts';
import { createTemplateScope, REGION } from '../template-scope.ts';
import { NOTHING_TO_RUN } from '../unsupported.ts';
import { checkUsable } from '../usable.ts';
import { Warnings } from '../warnings.ts';
import type { YamlFile } from '../yaml-file.ts';
import { readSamApis } from './apis.ts';
import { findPlainDefinition, findSamDefinition } from './definition.ts';
import { readSamEvents, readSamQueueEvents, type SamRoute } from './events.ts';
import { functionUrlOf, readSamFunction } from './function.ts';
import { readSamLayer } from './layer.ts';

const FUNCTION = 'AWS::Serverless::Function';
const LAYER_TYPES = ['AWS::Serverless::LayerVersion', 'AWS::Lambda::LayerVersion'];
// They hold functions, but not in a form that is read here.
const NOT_RUN = ['AWS::Lambda::Function', 'AWS::Serverless::Application'];

/** Reads a SAM template. */
export function readSam(yaml: YamlFile, { allowUnusable }: ReadProjectOptions): DeclaredProject {
  const { file } = yaml;
  const folder = dirname(file);
  const warnings = new Warnings();
  warnings.addDuplicates(yaml);
  const declared = new DeclaredResources(REGION);
  const resources = new AwsResources(declared);
  const layers = new Map<string, LocalLayer>();
  const files = new Set([file]);
  const onSources = (sources: string) => files.add(sources);

  const scope = createTemplateScope(yaml.value, {
    resource: (name, attribute) => (layers.has(name) ? name : resources.refer(name, attribute)),
    onMissing: () => resources.missed(),
    warnings,
  });
  const deep = (value: unknown) => resolveIntrinsics(value, scope);
  const source: SectionSource = {
    place: (path) => ({ file, line: yaml.lineOf(path) }),
    shallow: (value) => (isIntrinsic(value) ? deep(value) : value),
    deep,
  };
  const template = new Section(source, yaml.value);
  const all = template
    .section('Resources')
    .sections()
    .filter(([, resource]) => {
      const condition = resource.string('Condition');
      return condition === undefined || scope.condition(condition) === true;
    })
    .map(([name, resource]) => ({ name, resource, type: resource.string('Type') ?? '' }));
  for (const { name, type, resource } of all) {
    declared.add(name, type, resource.section('Properties'));
  }
  const ofType = (...types: string[]) => all.filter(({ type }) => types.includes(type));

  for (const { name, resource } of ofType(...LAYER_TYPES)) {
    const properties = resource.section('Properties');
    const content = properties.get('ContentUri') ?? properties.get('Content');
    const isLocal = typeof content === 'string' && !content.startsWith('s3://');
    layers.set(name, {
      name,
      path: undefined,
      place: properties.place('ContentUri'),
      ...(isLocal && readSamLayer(name, resource, { folder, content, warnings, onSources })),
    });
  }
  for (const { name, resource, type } of ofType(...NOT_RUN)) {
    warnings.add(`Resources of type ${type} are not run; ${name} is left out.`, resource.place());
  }

  const globals = template.section('Globals');
  const functions: FunctionDefinition[] = [];
  const unusable: UnusableFunctionDefinition[] = [];
  const routes: SamRoute[] = [];
  const eventSources: QueueEventSource[] = [];
  for (const { name, resource } of ofType(FUNCTION)) {
    const definition = attempt(() =>
      readSamFunction(name, resource, {
        globals: globals.section('Function'),
        folder,
        layers: { folder, local: layers, warnings },
        resources,
        warnings,
        onSources,
      }),
    );
    if (definition instanceof Error) {
      const { hasUrl } = functionUrlOf(resource, globals.section('Function'));
      unusable.push({ name, hasUrl, reason: definition });
    } else functions.push(definition);
    const context = { functionName: name, resource, resources, warnings };
    routes.push(...readSamEvents(context));
    eventSources.push(...readSamQueueEvents(context));
  }
  checkUsable(functions, unusable, { folder, warnings, allowUnusable });
  if (ofType(FUNCTION).length === 0) {
    template.fail(`has no AWS::Serverless::Function, ${NOTHING_TO_RUN}`, 'Resources');
  }
  const functionAt = (uri: string) => {
    const called = functionInArn(uri);
    return ofType(FUNCTION).find(
      ({ name, resource }) =>
        (resource.section('Properties').string('FunctionName') ?? name) === called,
    )?.name;
  };
  eventSources.push(
    ...readEventSourceMappings(
      ofType(EVENT_SOURCE_MAPPING).map(({ resource }) => resource.section('Properties')),
      { functionAt, references: resources, warnings },
    ),
  );
  const authorizerScope: AuthorizerScope = {
    functionAt,
    known: (read) => resources.known(read),
    warnings,
  };
  const apiResources = ofType('AWS::Serverless::HttpApi', 'AWS::Serverless::Api').map(
    ({ name, type, resource }) => ({
      api: { name, protocol: type === 'AWS::Serverless::Api' ? 'rest' : 'http' } as const,
      properties: resource.section('Properties'),
    }),
  );
  const definitions = apiResources.flatMap(({ api, properties }) =>
    resources.silently(() => {
      const definition = findSamDefinition(properties, { folder, onFile: onSources, warnings });
      const { protocol } = api;
      return definition
        ? [
            {
              api,
              definition: readOpenApi(definition, {
                protocol,
                functionAt,
                authorizerScope,
                warnings,
              }),
            },
          ]
        : [];
    }),
  );
  const plain = all.map(({ name, type, resource }) => ({
    id: name,
    type,
    section: resource,
    properties: resource.section('Properties'),
  }));
  // No warnings for their references: these APIs are served here.
  const plainApis = resources.silently(() =>
    readCloudFormationApis(
      {
        ofType: (...types) => plain.filter(({ type }) => types.includes(type)),
        apiName: (id) => id,
        functionAt,
        definitionOf: ({ properties }) => findPlainDefinition(properties, warnings),
        authorizerScope,
        warnings,
      },
      template.place('Resources'),
    ),
  );
  const samApis = readSamApis(routes, {
    apis: new Map(apiResources.map(({ api, properties }) => [api.name, properties])),
    definitions,
    globals,
    place: template.place('Resources'),
    authorizerScope,
    resources,
  });
  const apis = mergeApis([...samApis, ...plainApis], template.place('Resources'));
  warnOfSeveral(apis, warnings);
  return assembleProject({
    file,
    functions,
    unusable,
    apis,
    apiKeys: ofType(API_KEY).flatMap(({ name, resource }) =>
      readApiKeyResource(name, resource.section('Properties'), (read) => resources.known(read)),
    ),
    declared,
    resources,
    eventSources,
    warnings,
    files,
    declarations: () => ({
      tool: 'sam',
      functions: ofType(FUNCTION).map(({ name, resource }) =>
        declareSamFunction(name, resource, {
          globals: globals.section('Function'),
          folder,
          local: layers,
          declared,
          resources,
          eventSources,
          hasConnectors: ofType('AWS::Serverless::Connector').length > 0,
        }),
      ),
      layerNames: [...layers.keys()],
      isOpen: false,
    }),
  });
}
