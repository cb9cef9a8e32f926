import { fetch } from 'undici';
import { describe, expect, it } from 'vitest';
import type { Api, RequestValidation } from '../../../src/project/project.ts';
import { firstLogs } from '../../support/start.ts';
import { startApi } from '../start-api.ts';

const REST: Partial<Api> = { protocol: 'rest', stage: 'dev' };

const start = (validation: RequestValidation) =>
  startApi({ routes: { 'ANY /{id}': 'echo' }, api: REST, route: { validation } });

const ORDER = {
  type: 'object',
  required: ['count'],
  properties: { count: { type: 'integer', minimum: 0, exclusiveMinimum: true } },
};

const post = (url: string, body: string, type?: string) =>
  fetch(`${url}/dev/7`, {
    method: 'POST',
    headers: type === undefined ? {} : { 'content-type': type },
    body: Buffer.from(body),
  });

describe('required parameters of a REST API', () => {
  const validation = {
    parameters: [
      'method.request.querystring.page',
      'method.request.header.X-Tenant',
      'method.request.path.id',
    ],
  };

  it('let a request through that has them', async () => {
    const { url } = await start(validation);

    const response = await fetch(`${url}/dev/7?page=1`, { headers: { 'x-tenant': 'a' } });

    expect(response.status).toBe(202);
  });

  it('refuse one without, or with an empty one, and name what is missing', async () => {
    const api = await start(validation);

    const response = await fetch(`${api.url}/dev/7?page=`);

    expect(response.status).toBe(400);
    expect(response.headers.get('x-amzn-errortype')).toBe('BadRequestException');
    expect(await response.text()).toBe(
      '{"message": "Missing required request parameters: [page, X-Tenant]"}',
    );
    expect(api.lambda('echo').logs).toEqual(firstLogs);
  });
});

describe('the schema of a body of a REST API', () => {
  const validation = { body: { 'application/json': ORDER } };

  it.each([
    ['that fits', '{"count":1}', 'application/json; charset=utf-8'],
    ['that fits, of no type', '{"count":1}', undefined],
    ['of a type without a schema', 'count=0', 'text/plain'],
  ])('lets a body through %s', async (_, body, type) => {
    const { url } = await start(validation);

    expect((await post(url, body, type)).status).toBe(202);
  });

  it.each([
    ['that does not fit', '{"count":0}', 'body/count must be > 0'],
    ['that is not JSON', '{', 'the body is not JSON'],
    ['that is empty', '', 'the body is not JSON'],
  ])('refuses one %s, and the timeline says why', async (_, body, problem) => {
    const api = await start(validation);

    const response = await post(api.url, body, 'application/json');

    expect(response.status).toBe(400);
    expect(await response.text()).toBe('{"message": "Invalid request body"}');
    expect(api.events).toContainEqual(expect.objectContaining({ problem }));
    expect(api.lambda('echo').logs).toEqual(firstLogs);
  });

  it('counts for any type when it is the one of $default', async () => {
    const { url } = await start({ body: { $default: ORDER } });

    expect((await post(url, '{}', 'text/plain')).status).toBe(400);
  });

  it('that is none answers 500 with the reason in the timeline', async () => {
    const api = await start({ body: { 'application/json': { type: 'no such type' } } });

    expect((await post(api.url, '{}', 'application/json')).status).toBe(500);
    expect(api.events).toContainEqual(
      expect.objectContaining({ problem: expect.stringContaining('type') }),
    );
  });
});
