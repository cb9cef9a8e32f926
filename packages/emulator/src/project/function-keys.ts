import { nearestName } from './nearest-name.ts';
import type { Section } from './section.ts';
import type { Warnings } from './warnings.ts';

// Everything that the tools take, also what changes nothing in a local run, so that only typos stand out.
// https://www.serverless.com/framework/docs/providers/aws/guide/serverless.yml#functions
export const SERVERLESS_FUNCTION_KEYS = [
  ...['architecture', 'build', 'condition', 'concurrencyAutoscaling', 'dependsOn', 'description'],
  ...['destinations', 'disableLogs', 'durableConfig', 'environment', 'ephemeralStorageSize'],
  ...['events', 'fileSystemConfig', 'handler', 'httpApi', 'image', 'kmsKeyArn'],
  ...['layers'],
  ...['logDataProtectionPolicy', 'logRetentionInDays', 'logs', 'maximumEventAge'],
  ...['maximumRetryAttempts', 'memorySize', 'name', 'onError', 'package', 'provisionedConcurrency'],
  ...['reservedConcurrency', 'role', 'runtime', 'runtimeManagement', 'snapStart', 'tags'],
  ...['tenancy', 'timeout', 'tracing', 'url', 'versionFunction', 'vpc'],
];

// https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-function.html
export const SAM_FUNCTION_KEYS = [
  ...['Architectures', 'AssumeRolePolicyDocument', 'AutoPublishAlias'],
  ...['AutoPublishAliasAllProperties', 'AutoPublishCodeSha256', 'CapacityProviderConfig'],
  ...['CodeSigningConfigArn', 'CodeUri', 'DeadLetterQueue', 'DeploymentPreference', 'Description'],
  ...['DurableConfig', 'Environment', 'EphemeralStorage', 'EventInvokeConfig', 'Events'],
  ...['FileSystemConfigs', 'FunctionName', 'FunctionScalingConfig', 'FunctionUrlConfig', 'Handler'],
  ...['ImageConfig', 'ImageUri', 'InlineCode', 'KmsKeyArn', 'Layers', 'LoggingConfig'],
  ...['MemorySize', 'PackageType', 'PermissionsBoundary', 'Policies', 'PropagateTags'],
  ...['ProvisionedConcurrencyConfig', 'PublishToLatestPublished', 'RecursiveLoop'],
  ...['ReservedConcurrentExecutions', 'Role', 'RolePath', 'Runtime', 'RuntimeManagementConfig'],
  ...['SnapStart', 'SourceKMSKeyArn', 'Tags', 'TenancyConfig', 'Timeout', 'Tracing'],
  ...['VersionDeletionPolicy', 'VersionDescription', 'VpcConfig'],
];

/** Warns of keys that look like a misspelt one. Others may belong to a plugin, and pass. */
export function warnOfTypos(section: Section, known: readonly string[], warnings: Warnings): void {
  for (const key of section.keys()) {
    if (known.includes(key)) continue;
    const meant = nearestName(key, known);
    if (meant) {
      warnings.add(
        `The key ${key} is not known and has no effect: write ${meant}.`,
        section.place(key),
      );
    }
  }
}
