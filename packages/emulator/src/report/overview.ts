import { hasTables } from '../local-aws/wants-local-aws.ts';
import { functionsWithUrl, hostOfApi, hostOfUrl, isShadowed } from '../project/host-names.ts';
import type { Api, Project } from '../project/project.ts';
import { createPaint } from './style.ts';

/** What a run serves, and what of the project file it does not: shown once, at the start. */
export function renderOverview(
  project: Project,
  {
    url,
    awsUrl,
    timelineUrl,
    colors,
  }: {
    url: string;
    awsUrl?: string | undefined;
    timelineUrl?: string | undefined;
    colors: boolean;
  },
): string[] {
  const { apis, functions, resources, eventSources, warnings } = project;
  const paint = createPaint(colors);
  const { port } = new URL(url);
  const at = (host: string) => `http://${host}:${port}`;
  const rows = [
    ...apis.flatMap((api) => apiRows(api, isShadowed(api, apis) ? at(hostOfApi(api)) : url)),
    ...authorizerRows(apis),
    ...functionsWithUrl(project).map(({ name }) => ['URL', `${at(hostOfUrl(name))}/`, name]),
    ...(awsUrl === undefined ? [] : eventSources).map(({ functionName, queueArn }) => [
      'SQS',
      resources.find(({ arn }) => arn === queueArn)?.label ?? queueArn,
      functionName,
    ]),
  ];
  const widths = [0, 1].map((column) =>
    Math.max(0, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const table = rows.map(
    ([method = '', path = '', name = '']) =>
      `  ${method.padEnd(widths[0] ?? 0)}  ${paint('name', path.padEnd(widths[1] ?? 0))}  ${name}`,
  );
  const routeless = functions
    .map(({ name }) => name)
    .filter((name) => !rows.some((row) => row[2] === name));
  if (routeless.length > 0) {
    table.push(`  Without a route: ${routeless.join(', ')}. Run one with: invoke FUNCTION`);
  }
  if (awsUrl !== undefined) {
    const tables = hasTables(project) ? ', DynamoDB' : '';
    table.push(
      `  SQS, SNS, EventBridge, S3${tables} and Lambda are local: ${awsUrl} (your account: --aws)`,
    );
  }
  if (timelineUrl !== undefined) table.push(`  Timeline ${paint('name', timelineUrl)}`);
  return [...warnings.map((warning) => paint('caution', `! ${warning}`)), '', ...table, ''];
}

function apiRows({ routes, stage }: Api, url: string): [string, string, string][] {
  const base = stage === '$default' ? url : `${url}/${stage}`;
  const withFunction = routes.filter(({ preflight }) => !preflight);
  return withFunction.map(({ method, path, functionName }) =>
    path === '$default'
      ? ['ANY', `${base}/*  ($default)`, functionName]
      : [method, `${base}${path}`, functionName],
  );
}

/** The functions that are asked before others, once each. */
function authorizerRows(apis: readonly Api[]): string[][] {
  const asked = apis.flatMap(({ routes }) =>
    routes.flatMap(({ authorizer }) => (authorizer?.kind === 'lambda' ? [authorizer] : [])),
  );
  const rows = asked.map(({ name, functionName }) => ['AUTH', name, functionName]);
  return [...new Map(rows.map((row) => [row.join(' '), row])).values()];
}
