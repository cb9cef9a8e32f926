import { dirname } from 'node:path';
import { API_KEY, readApiKeyResource } from '../api-keys.ts';
import { warnOfSeveral } from '../api-list.ts';
import { assembleProject } from '../assemble-project.ts';
import { attempt } from '../attempt.ts';
import { AwsResources } from '../aws-resources.ts';
import { API_TYPES, readCloudFormationApis } from '../cloudformation/apis.ts';
import { declareCdkFunction } from '../declarations/cdk.ts';
import { DeclaredResources } from '../declared-resources.ts';
import { FunctionUnsupportedError, ProjectInvalidError } from '../errors.ts';
import { EVENT_SOURCE_MAPPING, readEventSourceMappings } from '../event-source-mappings.ts';
import { functionArnOf, functionInArn } from '../lambda-arn.ts';
import type { LocalLayer } from '../layers.ts';
import type {
  DeclaredProject,
  FunctionDefinition,
  ReadProjectOptions,
  UnusableFunctionDefinition,
} from '../project.ts';
import { REGION } from '../template-scope.ts';
import { NOTHING_TO_RUN } from '../unsupported.ts';
import { checkUsable } from '../usable.ts';
import { Warnings } from '../warnings.ts';
import { readAssembly } from './assembly.ts';
import { assetOf } from './assets.ts';
import { findCdkDefinition } from './definition.ts';
import { readCdkFunction } from './function.ts';
import { readableNames } from './names.ts';
import { type CdkResource, readResources } from './resources.ts';

const FUNCTION = 'AWS::Lambda::Function';

/**
 * Reads what an app of the AWS CDK has synthesized.
 *
 * @param file `cdk.out/manifest.json`.
 */
export function readCdk(file: string, { allowUnusable }: ReadProjectOptions = {}): DeclaredProject {
  const { stacks, missing, files } = readAssembly(file);
  const folder = dirname(file);
  const warnings = new Warnings();
  if (missing.length > 0) {
    warnings.add(
      `The app looks up values of an AWS account (${[...new Set(missing)].join(', ')}) that are not in cdk.context.json; ` +
        'it gets stand-ins here. The command cdk synth looks them up.',
    );
  }
  const declared = new DeclaredResources(stacks[0]?.region ?? REGION);
  const references = new AwsResources(declared, { onlyVariables: true });
  const resources = readResources(stacks, { references, warnings });
  for (const { id, type, properties } of resources) declared.add(id, type, properties);
  const ofType = (...types: readonly string[]) =>
    resources.filter(({ type }) => types.includes(type));
  const lambdas = withoutCustomResources(ofType(FUNCTION), resources);
  const names = readableNames(lambdas);
  const apiNames = readableNames(ofType(...API_TYPES));
  const nameOf = ({ id }: CdkResource) => names.get(id) ?? id;

  const urls = new Map(
    ofType('AWS::Lambda::Url').map((url) => [
      functionInArn(functionArnOf(url.properties.string('TargetFunctionArn') ?? '')),
      url,
    ]),
  );
  const layers = new Map(ofType('AWS::Lambda::LayerVersion').map((one) => [one.id, layerOf(one)]));
  const functions: FunctionDefinition[] = [];
  const unusable: UnusableFunctionDefinition[] = [];
  for (const lambda of lambdas) {
    const name = nameOf(lambda);
    const url = urls.get(lambda.functionName);
    const definition = attempt(() =>
      readCdkFunction(lambda, {
        name,
        url,
        layers: { folder, local: layers, warnings },
        references,
        warnings,
      }),
    );
    if (definition instanceof Error) {
      unusable.push({ name, hasUrl: url !== undefined, reason: definition });
    } else {
      functions.push(definition);
    }
  }

  const ownFunctionAt = (uri: string): string | undefined => {
    const called = functionInArn(uri);
    const lambda = lambdas.find(({ functionName }) => functionName === called);
    return lambda && nameOf(lambda);
  };
  const functionAt = (uri: string): string | undefined => {
    const called = functionInArn(uri);
    const own = ownFunctionAt(uri);
    if (called === undefined || own !== undefined) return own;
    if (!unusable.some(({ name }) => name === called)) {
      const problem = 'is not one of this app';
      const reason = new FunctionUnsupportedError({ file }, { functionName: called, problem });
      unusable.push({ name: called, hasUrl: false, reason });
    }
    return called;
  };
  const apis = readCloudFormationApis(
    {
      ofType,
      apiName: (id) => apiNames.get(id) ?? id,
      functionAt,
      definitionOf: ({ id }) => {
        const api = resources.find((resource) => resource.id === id);
        return api && findCdkDefinition(api, warnings);
      },
      authorizerScope: {
        functionAt: ownFunctionAt,
        known: (read) => references.known(read),
        warnings,
      },
      warnings,
    },
    { file },
  );
  warnOfSeveral(apis, warnings);
  const eventSources = readEventSourceMappings(
    ofType(EVENT_SOURCE_MAPPING).map(({ properties }) => properties),
    { functionAt: ownFunctionAt, references, warnings },
  );
  checkUsable(functions, unusable, { folder, warnings, allowUnusable });
  if (lambdas.length === 0) {
    throw new ProjectInvalidError(
      { file },
      `the app has no function (AWS::Lambda::Function), ${NOTHING_TO_RUN}.`,
    );
  }
  return assembleProject({
    file,
    functions,
    unusable,
    apis,
    apiKeys: ofType(API_KEY).flatMap(({ id, properties }) =>
      readApiKeyResource(id, properties, (read) => references.known(read)),
    ),
    declared,
    resources: references,
    eventSources,
    warnings,
    files,
    declarations: () => ({
      tool: 'cdk',
      functions: lambdas.map((lambda) =>
        declareCdkFunction(lambda.properties, {
          name: nameOf(lambda),
          functionName: lambda.functionName,
          code: assetOf(lambda, 'Code'),
          folder,
          local: layers,
          declared,
          references,
        }),
      ),
      layerNames: [...layers.keys()],
      isOpen: false,
    }),
  });
}

/** A function that only answers CloudFormation while it deploys is not needed here. */
function withoutCustomResources(
  lambdas: readonly CdkResource[],
  resources: readonly CdkResource[],
): CdkResource[] {
  const tokens = resources.flatMap(({ properties }) =>
    properties.has('ServiceToken')
      ? (functionInArn(String(properties.get('ServiceToken'))) ?? [])
      : [],
  );
  return lambdas.filter(({ functionName }) => !tokens.includes(functionName));
}

const layerOf = (resource: CdkResource): LocalLayer => ({
  name: resource.id,
  path: assetOf(resource, 'Content'),
  place: resource.properties.place(),
});
