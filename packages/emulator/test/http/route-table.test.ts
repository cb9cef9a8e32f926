import { describe, expect, it } from 'vitest';
import { routeKeyOf } from '../../src/http/found-route.ts';
import { createRouteTable } from '../../src/http/route-table.ts';
import type { Api } from '../../src/project/project.ts';

const api = (name: string, protocol: Api['protocol'], stage: string, ...keys: string[]): Api => ({
  name,
  protocol,
  stage,
  routes: keys.map((key) => {
    const [method = '', path = '$default'] = key.split(' ');
    return { method: path === '$default' ? 'ANY' : method, path, functionName: key };
  }),
});

/** Matches like a table of these APIs; the answer has the key of the route. */
function tableOf(...apis: Api[]) {
  const table = createRouteTable(apis);
  return {
    match(method: string, path: string) {
      const match = table.match(method, path);
      return match && { ...match, routeKey: routeKeyOf(match.route) };
    },
  };
}

const table = (...keys: string[]) => tableOf(api('http', 'http', '$default', ...keys));
const restTable = (...keys: string[]) => tableOf(api('rest', 'rest', 'dev', ...keys));

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
    ['GET', '/', 'ANY /{proxy+}'],
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

  it('tries a less specific route when the method does not fit', () => {
    const routes = table('GET /a/1', 'ANY /a/{id}');
    expect(routes.match('POST', '/a/1')?.routeKey).toBe('ANY /a/{id}');
  });

  it('finds nothing where nothing fits', () => {
    const routes = table('GET /a', 'GET /v/{id}');
    for (const path of ['/b', '/A', '/a/', '/v', '/v/', '/v/1/2']) {
      expect(routes.match('GET', path), path).toBeUndefined();
    }
    expect(routes.match('POST', '/a')).toBeUndefined();
  });

  it('takes path parameters as sent; a greedy one keeps its slashes', () => {
    const routes = table('GET /{a}/{rest+}');
    expect(routes.match('GET', '/x%20y/1/%C3%A9/%zz')?.pathParameters).toEqual({
      a: 'x%20y',
      rest: '1/%C3%A9/%zz',
    });
  });

  it('finds a path that is written with escapes', () => {
    expect(table('GET /a-b').match('GET', '/a%2Db')?.routeKey).toBe('GET /a-b');
  });
});

describe('the choice among several APIs', () => {
  it('takes the most specific route, whatever API has it', () => {
    const routes = tableOf(
      api('first', 'http', '$default', 'ANY /x/{proxy+}', '$default'),
      api('second', 'rest', 'dev', 'GET /a'),
    );
    expect(routes.match('GET', '/dev/a')?.api.name).toBe('second');
    expect(routes.match('GET', '/x/b')?.routeKey).toBe('ANY /x/{proxy+}');
    expect(routes.match('GET', '/b')?.routeKey).toBe('$default');
  });

  it('takes $default of an HTTP API before a route of a REST API whose stage is left out', () => {
    const routes = tableOf(
      api('first', 'http', '$default', '$default'),
      api('second', 'rest', 'dev', 'ANY /{proxy+}'),
    );
    expect(routes.match('GET', '/a')?.api.name).toBe('first');
    expect(routes.match('GET', '/dev/a')?.api.name).toBe('second');
  });

  it('takes the first API among equal routes', () => {
    const routes = tableOf(
      api('first', 'rest', 'dev', 'ANY /{proxy+}'),
      api('second', 'rest', 'dev', 'ANY /{proxy+}'),
    );
    expect(routes.match('GET', '/dev/a')?.api.name).toBe('first');
  });
});

describe('a REST API', () => {
  it('has its stage in the path, or not', () => {
    const routes = restTable('GET /a', 'GET /');
    for (const path of ['/dev/a', '/a']) {
      expect(routes.match('GET', path), path).toMatchObject({ routeKey: 'GET /a', path: '/a' });
    }
    for (const path of ['/dev', '/dev/', '/']) {
      expect(routes.match('GET', path), path).toMatchObject({ routeKey: 'GET /', path: '/' });
    }
  });

  // localstack@8b9a79f test_apigateway_lambda.snapshot.json, test_lambda_aws_proxy_integration, 2024-08-02.
  it.each([
    ['/dev/x', '/x', 'x'],
    ['/dev/x/', '/x/', 'x'],
    ['/dev/x//y', '/x//y', 'x//y'],
    ['//dev/x', '/x', 'x'],
    ['/dev//x', '/x', 'x'],
    ['/dev/a/test%2Bb@c.com', '/a/test%2Bb@c.com', 'a/test%2Bb@c.com'],
  ])('takes slashes as recorded: %s is %s', (sent, path, proxy) => {
    expect(restTable('ANY /{proxy+}').match('GET', sent)).toMatchObject({
      path,
      pathParameters: { proxy },
    });
  });

  it('does not match its root with a greedy variable', () => {
    for (const path of ['/dev/', '/dev', '/']) {
      expect(restTable('ANY /{proxy+}').match('GET', path), path).toBeUndefined();
    }
  });
});
