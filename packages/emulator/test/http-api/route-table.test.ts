import { describe, expect, it } from 'vitest';
import { createRouteTable } from '../../src/http-api/route-table.ts';

const table = (...keys: string[]) =>
  createRouteTable(
    keys.map((key) => {
      const [method = '', path = '$default'] = key.split(' ');
      return { method: path === '$default' ? 'ANY' : method, path, functionName: key };
    }),
  );

describe('the choice among routes', () => {
  // The example of the API Gateway guide, "Routing API requests".
  const guide = table(
    '$default',
    'ANY /{proxy+}',
    'GET /pets/{proxy+}',
    'GET /pets/dog/{id}',
    'GET /pets/dog/1',
  );

  it.each([
    ['GET', '/pets/dog/1', 'GET /pets/dog/1'],
    ['GET', '/pets/dog/2', 'GET /pets/dog/{id}'],
    ['GET', '/pets/cat/1', 'GET /pets/{proxy+}'],
    ['POST', '/test/5', 'ANY /{proxy+}'],
    ['GET', '/', '$default'],
  ])('%s %s goes to %s', (method, path, expected) => {
    expect(guide.match(method, path)?.routeKey).toBe(expected);
  });

  it('takes a full match before a greedy one, whatever comes first', () => {
    const routes = table('ANY /a/{proxy+}', 'GET /{x}/b');
    expect(routes.match('GET', '/a/b')?.routeKey).toBe('GET /{x}/b');
  });

  it('takes the method before ANY', () => {
    const routes = table('ANY /a', 'GET /a');
    expect(routes.match('GET', '/a')?.routeKey).toBe('GET /a');
    expect(routes.match('PUT', '/a')?.routeKey).toBe('ANY /a');
  });

  it('takes the longer of two greedy paths', () => {
    const routes = table('ANY /{proxy+}', 'ANY /a/{proxy+}');
    expect(routes.match('GET', '/a/b/c')?.routeKey).toBe('ANY /a/{proxy+}');
  });

  it('goes on to a less specific route when the method does not fit', () => {
    const routes = table('GET /a/1', 'ANY /a/{id}');
    expect(routes.match('POST', '/a/1')?.routeKey).toBe('ANY /a/{id}');
  });

  it('finds nothing where nothing fits', () => {
    const routes = table('GET /a', 'GET /a/{proxy+}', 'GET /v/{id}');
    for (const path of ['/b', '/A', '/a/', '/v', '/v/', '/v/1/2']) {
      expect(routes.match('GET', path), path).toBeUndefined();
    }
    expect(routes.match('POST', '/a')).toBeUndefined();
  });

  it('decodes path parameters; a greedy one keeps its slashes', () => {
    const routes = table('GET /{a}/{rest+}');
    expect(routes.match('GET', '/x%20y/1/%C3%A9/%zz')?.pathParameters).toEqual({
      a: 'x y',
      rest: '1/é/%zz',
    });
  });
});
