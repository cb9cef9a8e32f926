import { expect, it } from 'vitest';
import { sampleRequest, sampleRequests } from '../../src/cli/sample-requests.ts';
import type { Api } from '../../src/project/project.ts';

const request = (method: string, path: string, stage = '$default') =>
  sampleRequest({ method, path }, stage);

it('a sample request fits its route', () => {
  expect(request('GET', '/orders/{id}/{proxy+}')).toEqual({
    method: 'GET',
    path: '/orders/example/example',
  });
  expect(request('POST', '/orders')).toEqual({
    method: 'POST',
    path: '/orders',
    body: '{"hello":"world"}',
  });
  expect(request('ANY', '/orders', 'v1')).toEqual({ method: 'GET', path: '/v1/orders' });
  expect(request('ANY', '$default')).toEqual({ method: 'GET', path: '/' });
});

it.each<[Partial<Api>, string]>([
  [{ apiKeys: ['first-key', 'second-key'] }, 'first-key'],
  [{}, 'example'],
])('a route that needs an API key gets one: %j', (keys, apiKey) => {
  const route = { method: 'GET', path: '/', functionName: 'order', needsApiKey: true };
  const api: Api = { name: 'api', protocol: 'rest', stage: 'dev', routes: [route], ...keys };
  const project = {
    file: 'serverless.yml',
    ...{ functions: [], unusable: [], resources: [], eventSources: [], warnings: [], files: [] },
    apis: [api],
  };

  expect(sampleRequests(project)).toEqual([{ method: 'GET', path: '/dev/', apiKey }]);
});
