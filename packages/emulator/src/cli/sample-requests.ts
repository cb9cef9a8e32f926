import type { Dispatcher } from 'undici';
import { httpClient, WITHOUT_TIME_LIMITS } from '../http-client.ts';
import type { Route } from '../project/project.ts';

export interface SampleRequest {
  readonly method: string;
  readonly path: string;
  readonly body?: string;
}

const WITH_BODY = ['PATCH', 'POST', 'PUT'];

/** A request that a route takes; `example` stands for every variable. */
export function sampleRequest({ method, path }: Route, stage: string): SampleRequest {
  const prefix = stage === '$default' ? '' : `/${stage}`;
  const actual = method === 'ANY' ? 'GET' : method;
  return {
    method: actual,
    path: prefix + (path === '$default' ? '/' : path.replace(/\{[^}]+\}/g, 'example')),
    ...(WITH_BODY.includes(actual) && { body: JSON.stringify({ hello: 'world' }) }),
  };
}

/** Sends one request to each route, one after the other's response. Ends early at `signal`. */
export async function sendSampleRequests(
  url: string,
  requests: readonly SampleRequest[],
  signal: AbortSignal,
): Promise<void> {
  const { request } = await httpClient();
  for (const { method, path, body } of requests) {
    if (signal.aborted) return;
    try {
      const headers = body === undefined ? {} : { 'content-type': 'application/json' };
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
