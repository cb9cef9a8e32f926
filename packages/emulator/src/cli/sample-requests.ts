import type { Dispatcher } from 'undici';
import { httpClient, WITHOUT_TIME_LIMITS } from '../http-client.ts';
import { functionsWithUrl, hostOfApi, hostOfUrl, isShadowed } from '../project/host-names.ts';
import type { Project, Route } from '../project/project.ts';

export interface SampleRequest {
  readonly method: string;
  readonly path: string;
  /** Where the port alone does not lead to it. */
  readonly host?: string;
  readonly body?: string;
  readonly apiKey?: string;
}

const WITH_BODY = ['PATCH', 'POST', 'PUT'];

/** A request for each route and each function URL of a project. */
export function sampleRequests(project: Project): SampleRequest[] {
  const { apis } = project;
  const ofRoutes = apis.flatMap((api) =>
    api.routes
      .filter(({ preflight }) => !preflight)
      .map((route) => ({
        ...sampleRequest(route, api.stage),
        ...(route.needsApiKey && { apiKey: api.apiKeys?.[0] ?? 'example' }),
        ...(isShadowed(api, apis) && { host: hostOfApi(api) }),
      })),
  );
  const ofUrls = functionsWithUrl(project).map(({ name }) => ({
    method: 'GET',
    path: '/',
    host: hostOfUrl(name),
  }));
  return [...ofRoutes, ...ofUrls];
}

/** A request that a route takes; `example` stands for every variable. */
export function sampleRequest(
  { method, path }: Pick<Route, 'method' | 'path'>,
  stage: string,
): SampleRequest {
  const prefix = stage === '$default' ? '' : `/${stage}`;
  const actual = method === 'ANY' ? 'GET' : method;
  return {
    method: actual,
    path: prefix + (path === '$default' ? '/' : path.replace(/\{[^}]+\}/g, 'example')),
    ...(WITH_BODY.includes(actual) && { body: JSON.stringify({ hello: 'world' }) }),
  };
}

/** Sends requests, one after the other's response. Ends early at `signal`. */
export async function sendSampleRequests(
  url: string,
  requests: readonly SampleRequest[],
  signal: AbortSignal,
): Promise<void> {
  const { request } = await httpClient();
  for (const { method, path, host, body, apiKey } of requests) {
    if (signal.aborted) return;
    try {
      const headers = {
        ...(host && { host }),
        ...(body && { 'content-type': 'application/json' }),
        ...(apiKey && { 'x-api-key': apiKey }),
      };
      const response = await request(url + path, {
        method: method as Dispatcher.HttpMethod,
        headers,
        signal,
        body: body ?? null,
        ...WITHOUT_TIME_LIMITS,
      });
      await response.body.dump();
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }
}
