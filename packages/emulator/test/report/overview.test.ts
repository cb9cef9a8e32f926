import { expect, it } from 'vitest';
import type { FunctionDefinition, LambdaAuthorizer } from '../../src/project/project.ts';
import { renderOverview } from '../../src/report/overview.ts';

const GUARD: LambdaAuthorizer = {
  kind: 'lambda',
  name: 'users',
  functionName: 'guard',
  input: '2.0',
  identitySources: [],
  ttlMs: 0,
};

it('the overview lists warnings, routes, authorizers, function URLs and what has no route; an API behind another by its own host', () => {
  const define = (name: string, hasUrl = false): FunctionDefinition => ({
    name,
    deployedName: name,
    code: '/code',
    handler: 'index.handler',
    runtime: 'nodejs24.x',
    layers: [],
    environment: {},
    timeoutMs: 3000,
    memoryMiB: 128,
    hasUrl,
  });
  const lines = renderOverview(
    {
      file: '/serverless.yml',
      unusable: [],
      resources: [],
      eventSources: [],
      functions: [define('order'), define('page', true), define('guard'), define('cron')],
      apis: [
        {
          name: 'httpApi',
          protocol: 'http',
          stage: '$default',
          routes: [
            { method: 'POST', path: '/orders/{id}', functionName: 'order', authorizer: GUARD },
            { method: 'ANY', path: '$default', functionName: 'page' },
          ],
        },
        {
          name: 'restApi',
          protocol: 'rest',
          stage: 'dev',
          routes: [{ method: 'GET', path: '/old', functionName: 'page' }],
        },
        {
          name: 'Twin',
          protocol: 'rest',
          stage: 'dev',
          routes: [{ method: 'GET', path: '/old', functionName: 'order' }],
        },
      ],
      warnings: ['Plugins are not run.'],
      files: [],
    },
    { url: 'http://127.0.0.1:3000', colors: false },
  );

  expect(lines.join('\n')).toMatchInlineSnapshot(`
    "! Plugins are not run.

      POST  http://127.0.0.1:3000/orders/{id}               order
      ANY   http://127.0.0.1:3000/*  ($default)             page
      GET   http://127.0.0.1:3000/dev/old                   page
      GET   http://Twin.execute-api.localhost:3000/dev/old  order
      AUTH  users                                           guard
      URL   http://page.lambda-url.localhost:3000/          page
      Without a route: cron. Run one with: invoke FUNCTION
    "
  `);
});
