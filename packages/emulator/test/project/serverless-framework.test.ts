// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are the variables of project files.
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Project, ReadProjectOptions } from '../../src/project/project.ts';
import { readProject } from '../../src/project/read-project.ts';
import { projectFolder } from './project-folder.ts';

/** Reads a serverless.yml next to the handler `index.handler` and the layer folder `layer`. */
function read(
  yaml: string,
  { files = {}, ...options }: ReadProjectOptions & { files?: Record<string, string> } = {},
): Project & { folder: string } {
  const folder = projectFolder({
    'serverless.yml': yaml,
    'index.js': '',
    'layer/file.txt': '',
    ...files,
  });
  return { ...readProject(join(folder, 'serverless.yml'), { env: {}, ...options }), folder };
}

const functionOf = ({ functions: [first] }: Project) => {
  if (!first) throw new Error('the project has no function');
  return first;
};

const MINIMAL = `
service: shop
provider: { name: aws, runtime: nodejs24.x }
functions:
  order: { handler: index.handler }
`;

const routeKeysOf = ({ apis }: Project): string[] =>
  apis.flatMap(({ routes }) => routes.map(({ method, path }) => `${method} ${path}`));

describe('a serverless.yml', () => {
  it('gives a function the defaults of Serverless Framework', () => {
    const project = read(MINIMAL);

    expect(project.functions).toEqual([
      {
        name: 'order',
        deployedName: 'shop-dev-order',
        code: project.folder,
        handler: 'index.handler',
        runtime: 'nodejs24.x',
        layers: [],
        environment: {},
        timeoutMs: 6000,
        memoryMiB: 1024,
        hasUrl: false,
      },
    ]);
    expect(project.warnings).toEqual([]);
    expect(project.apis).toEqual([]);
  });

  it('takes settings of the function before those of the provider, and merges their environments', () => {
    const project = read(`
service: shop
provider:
  name: aws
  runtime: nodejs24.x
  timeout: 10
  memorySize: 512
  environment: { TABLE: orders, MODE: slow, GONE: x }
functions:
  order:
    handler: index.handler
    runtime: nodejs22.x
    timeout: 100
    memorySize: 256
    reservedConcurrency: 3
    name: orders-prod
    environment: { MODE: fast, RETRIES: 2, DEBUG: true, GONE: ~ }
`);

    expect(functionOf(project)).toMatchObject({
      deployedName: 'orders-prod',
      runtime: 'nodejs22.x',
      timeoutMs: 100_000,
      memoryMiB: 256,
      maxConcurrency: 3,
      environment: { TABLE: 'orders', MODE: 'fast', RETRIES: '2', DEBUG: 'true' },
    });
  });

  it('understands every form of httpApi event', () => {
    const project = read(`
service: shop
provider: { name: aws, runtime: nodejs24.x }
functions:
  order:
    handler: index.handler
    events:
      - httpApi: 'GET /orders/{id}'
      - httpApi: 'post /orders'
      - httpApi: '* /any'
      - httpApi: { method: PUT, path: '/orders/{id}' }
      - httpApi: { method: '*', path: '/files/{proxy+}' }
      - httpApi: '*'
`);

    expect(project.apis).toMatchObject([{ name: 'httpApi', protocol: 'http', stage: '$default' }]);
    expect(routeKeysOf(project)).toEqual([
      'GET /orders/{id}',
      'POST /orders',
      'ANY /any',
      'PUT /orders/{id}',
      'ANY /files/{proxy+}',
      'ANY $default',
    ]);
  });

  it('understands every form of http event, under the stage of the service', () => {
    const project = read(
      `
service: shop
provider:
  name: aws
  runtime: nodejs24.x
  apiGateway: { binaryMediaTypes: ['image/*', application/pdf] }
functions:
  order:
    handler: index.handler
    events:
      - http: GET orders/{id}
      - http: 'any /any/'
      - http: { method: put, path: '/orders/{id}' }
      - http: { method: any, path: 'files/{proxy+}' }
      - http: { method: get, path: '' }
      - http: { method: post, path: slow, timeoutInMillis: 60000, integration: aws_proxy }
`,
      { stage: 'test' },
    );

    expect(project.apis).toMatchObject([
      {
        name: 'restApi',
        protocol: 'rest',
        stage: 'test',
        binaryMediaTypes: ['image/*', 'application/pdf'],
      },
    ]);
    expect(routeKeysOf(project)).toEqual([
      'GET /orders/{id}',
      'ANY /any',
      'PUT /orders/{id}',
      'ANY /files/{proxy+}',
      'GET /',
      'POST /slow',
    ]);
    expect(project.apis[0]?.routes[5]).toEqual({
      method: 'POST',
      path: '/slow',
      functionName: 'order',
      timeoutMs: 60_000,
    });
    expect(project.warnings).toEqual([]);
  });

  it('can have an HTTP API and a REST API with the same routes', () => {
    const project = read(`
service: shop
provider: { name: aws, runtime: nodejs24.x }
functions:
  order: { handler: index.handler, events: [{ httpApi: 'GET /x' }, { http: 'GET /x' }] }
`);

    expect(project.apis.map(({ name }) => name)).toEqual(['httpApi', 'restApi']);
  });

  it('takes the payload format of the function before that of the provider', () => {
    const project = read(`
service: shop
provider: { name: aws, runtime: nodejs24.x, httpApi: { payload: '1.0' } }
functions:
  old: { handler: index.handler, events: [{ httpApi: 'GET /old' }] }
  new: { handler: index.handler, httpApi: { payload: '2.0' }, events: [{ httpApi: 'GET /new' }] }
`);

    expect(project.apis[0]?.routes).toEqual([
      { method: 'GET', path: '/old', functionName: 'old', payloadFormat: '1.0' },
      { method: 'GET', path: '/new', functionName: 'new' },
    ]);
    expect(project.warnings).toEqual([]);
  });

  const HEADERS = [
    'Content-Type',
    'X-Amz-Date',
    'Authorization',
    'X-Api-Key',
    'X-Amz-Security-Token',
    'X-Amz-User-Agent',
    'X-Amzn-Trace-Id',
  ];

  it('allows what Serverless Framework allows for cors: true of an HTTP API', () => {
    const project = read(`
service: shop
provider: { name: aws, runtime: nodejs24.x, httpApi: { cors: true } }
functions:
  order: { handler: index.handler, events: [{ httpApi: 'POST /x' }, { httpApi: 'GET /y' }] }
`);

    expect(project.apis[0]?.cors).toEqual({
      allowOrigins: ['*'],
      allowHeaders: HEADERS,
      allowMethods: ['OPTIONS', 'POST', 'GET'],
    });
    expect(project.warnings).toEqual([]);
  });

  it('takes the CORS settings of an HTTP API', () => {
    const project = read(`
service: shop
provider:
  name: aws
  runtime: nodejs24.x
  httpApi:
    cors:
      allowedOrigins: [https://a.example, https://b.example]
      allowedHeaders: [X-A]
      allowedMethods: [GET]
      allowCredentials: true
      exposedResponseHeaders: [X-B]
      maxAge: 60
functions:
  order: { handler: index.handler, events: [{ httpApi: 'GET /' }] }
`);

    expect(project.apis[0]?.cors).toEqual({
      allowOrigins: ['https://a.example', 'https://b.example'],
      allowHeaders: ['X-A'],
      allowMethods: ['GET'],
      exposeHeaders: ['X-B'],
      allowCredentials: true,
      maxAge: 60,
    });
  });

  it('answers OPTIONS for http events with cors, once for each path', () => {
    const project = read(`
service: shop
provider: { name: aws, runtime: nodejs24.x }
functions:
  order:
    handler: index.handler
    events:
      - http: { path: x, method: get, cors: true }
      - http: { path: x, method: post, cors: { origins: ['https://*.example'], headers: [X-A], allowCredentials: true, maxAge: 60, cacheControl: no-store } }
      - http: { path: y, method: any, cors: true }
      - http: { path: z, method: get, cors: true }
      - http: { path: z, method: options }
      - http: { path: none, method: get }
`);

    expect(project.apis[0]?.routes.slice(6)).toEqual([
      {
        method: 'OPTIONS',
        path: '/x',
        functionName: 'order',
        preflight: {
          headers: {
            'access-control-allow-origin': 'https://*.example',
            'access-control-allow-headers': ['X-A', ...HEADERS].join(','),
            'access-control-allow-methods': 'OPTIONS,POST,GET',
            'access-control-allow-credentials': 'true',
            'access-control-max-age': '60',
            'cache-control': 'no-store',
          },
          origins: ['https://*.example'],
        },
      },
      {
        method: 'OPTIONS',
        path: '/y',
        functionName: 'order',
        preflight: {
          headers: {
            'access-control-allow-origin': '*',
            'access-control-allow-headers': HEADERS.join(','),
            'access-control-allow-methods': 'OPTIONS,DELETE,GET,HEAD,PATCH,POST,PUT',
          },
          origins: [],
        },
      },
    ]);
    expect(project.warnings).toEqual([]);
  });

  it("knows integration: lambda with the framework's own templates", () => {
    const project = read(`
service: shop
provider: { name: aws, runtime: nodejs24.x }
functions:
  order:
    handler: index.handler
    events:
      - http: { method: get, path: a, integration: lambda, operationId: getA }
      - http:
          method: get
          path: b
          integration: aws
          cors: { origins: [https://a.example, https://b.example], allowCredentials: true }
`);

    expect(project.apis[0]?.routes.slice(0, 2)).toEqual([
      {
        method: 'GET',
        path: '/a',
        functionName: 'order',
        operationName: 'getA',
        mapping: { headers: {} },
      },
      {
        method: 'GET',
        path: '/b',
        functionName: 'order',
        mapping: {
          headers: {
            'access-control-allow-origin': 'https://a.example,https://b.example',
            'access-control-allow-credentials': 'true',
          },
        },
      },
    ]);
    expect(project.warnings).toEqual([]);
  });

  it('names the integrations that are not emulated, and keeps their routes', () => {
    const project = read(`
service: shop
provider: { name: aws, runtime: nodejs24.x }
functions:
  order:
    handler: index.handler
    events:
      - http: { method: get, path: a, integration: lambda, request: { template: { text/plain: x } } }
      - http: { method: get, path: b, integration: mock }
      - http: { method: post, path: c, async: true }
`);

    expect(project.apis[0]?.routes.map(({ integration }) => integration)).toEqual([
      'lambda',
      'mock',
      'async',
    ]);
    expect(project.warnings).toEqual([
      'serverless.yml:8: The integration lambda of GET /a is not emulated, so this route answers 501: only Lambda proxy integrations are.',
      'serverless.yml:9: The integration mock of GET /b is not emulated, so this route answers 501: only Lambda proxy integrations are.',
      'serverless.yml:10: The integration async of POST /c is not emulated, so this route answers 501: only Lambda proxy integrations are.',
    ]);
  });

  it('finds local layers by every way to refer to them, in their order', () => {
    const project = read(
      `
service: shop
provider: { name: aws, runtime: nodejs24.x }
layers:
  async-http: { path: layer }
  my_tools: { package: { artifact: tools.zip } }
functions:
  order:
    handler: /opt/proxy.handler
    layers: [!Ref MyUnderscoretoolsLambdaLayer, { Ref: AsyncDashhttpLambdaLayer }, ./other.zip]
`,
      { files: { 'tools.zip': '', 'other.zip': '' } },
    );

    expect(functionOf(project).layers).toEqual([
      join(project.folder, 'tools.zip'),
      join(project.folder, 'layer'),
      join(project.folder, 'other.zip'),
    ]);
  });

  it("lets a function's own layers replace those of the provider", () => {
    const project = read(`
service: shop
provider: { name: aws, runtime: nodejs24.x, layers: [./layer] }
functions:
  with: { handler: index.handler }
  without: { handler: index.handler, layers: [] }
`);

    expect(project.functions.map(({ layers }) => layers.length)).toEqual([1, 0]);
  });

  it('merges functions from a list and from files, and names the files', () => {
    const project = read(
      `
service: shop
provider: { name: aws, runtime: nodejs24.x }
functions:
  - \${file(./functions/a.yml)}
  - second: { handler: index.handler }
`,
      { files: { 'functions/a.yml': 'first: { handler: index.handler }' } },
    );

    expect(project.functions.map(({ name }) => name)).toEqual(['first', 'second']);
    expect(project.files).toEqual([project.file, join(project.folder, 'functions/a.yml')]);
  });
});

describe('variables of a serverless.yml', () => {
  const variableOf = (
    value: string,
    options: ReadProjectOptions & { files?: Record<string, string>; more?: string } = {},
  ) =>
    functionOf(
      read(
        `
service: shop
provider: { name: aws, runtime: nodejs24.x, region: eu-west-1, stage: "\${opt:stage, 'test'}" }
custom: { url: { test: 'http://test', prod: 'http://prod' }, nested: { list: [a, b] }, empty: '' }
functions:
  order: { handler: index.handler, environment: { VALUE: ${value} } }
${options.more ?? ''}`,
        options,
      ),
    ).environment.VALUE;

  it.each([
    ['"${self:custom.nested.list.1}"', 'b'],
    ['"${self:service}-${sls:stage}"', 'shop-test'],
    ['"${self:custom.url.${opt:stage, \'test\'}}/x"', 'http://test/x'],
    ['"${env:HOME_PAGE}"', 'http://home'],
    ['"${env:MISSING, \'a, b\'}"', 'a, b'],
    ['"${env:MISSING, self:custom.none, 7}"', '7'],
    ['"${aws:region}"', 'eu-west-1'],
    ['"${self:custom.empty}"', ''],
    ['"${param:color}"', 'red'],
    ['"${file(./extra.json):deep.value}"', 'from file'],
    ['"${strToBool(\'true\')}"', 'true'],
    ['!Sub "${AWS::Region}/${self:service}"', 'eu-west-1/shop'],
    ['!Join ["-", [!Ref "AWS::Region", x]]', 'eu-west-1-x'],
  ])('%s is %j', (value, expected) => {
    expect(
      variableOf(value, {
        env: { HOME_PAGE: 'http://home' },
        files: { 'extra.json': '{"deep":{"value":"from file"}}' },
        more: 'params: { default: { color: red } }',
      }),
    ).toBe(expected);
  });

  it('follow the stage that was asked for', () => {
    expect(variableOf('"${self:custom.url.${sls:stage}}"', { stage: 'prod' })).toBe('http://prod');
  });

  it('come from .env, unless the environment has them', () => {
    const files = { '.env': 'A=file\nB=file' };
    expect(variableOf('"${env:A}-${env:B}"', { files, env: { B: 'shell' } })).toBe('file-shell');
  });

  it('are left out with one warning when they have no value here', () => {
    const project = read(`
service: shop
provider: { name: aws, runtime: nodejs24.x, environment: { KEY: "\${ssm:/key}" }, vpc: "\${ssm:/vpc}" }
functions:
  a: { handler: index.handler }
  b: { handler: index.handler }
`);

    expect(functionOf(project).environment).toEqual({});
    expect(project.warnings).toMatchInlineSnapshot(`
      [
        "The variable \${ssm:/key} has no value on this machine, so what uses it is left out. Set it, or give it a fallback after a comma.",
      ]
    `);
  });

  it('that refer to themselves are an error, not an endless loop', () => {
    expect(() => variableOf('"${self:custom.url.loop}"', { more: '' })).not.toThrow();
    expect(() =>
      read(`
service: "\${self:custom.a}"
provider: { name: aws }
custom: { a: "\${self:custom.b}", b: "\${self:custom.a}" }
functions: { f: { handler: index.handler } }
`),
    ).toThrow(/refers to itself: self:custom.a → self:custom.b → self:custom.a/);
  });
});

describe('what a local run cannot give', () => {
  it('is named once each, and the run continues', () => {
    const project = read(`
service: shop
plugins: [serverless-domain-manager, serverless-offline]
provider:
  name: aws
  runtime: nodejs18.x
  httpApi: { cors: true, payload: '1.0' }
  environment: { TABLE: !Ref Orders, QUEUE: !GetAtt Queue.Arn }
functions:
  order:
    handler: index.handler
    layers: [arn:aws:lambda:eu-west-1:123456789012:layer:other:3]
    events:
      - schedule: rate(1 day)
      - sqs: { arn: "\${ssm:/never/looked/up}" }
      - httpApi: { method: GET, path: /, authorizer: { name: jwt } }
  cron:
    handler: index.handler
    layers: [arn:aws:lambda:eu-west-1:123456789012:layer:other:3]
    events: [{ schedule: rate(2 days) }]
  image: { image: repo/name }
  python: { handler: x.y, runtime: python3.13 }
`);

    expect(project.functions.map(({ name }) => name)).toEqual(['order', 'cron']);
    expect(project.warnings).toMatchInlineSnapshot(`
      [
        "serverless.yml:3: Plugins are not run (serverless-domain-manager): what they add or change is missing here.",
        "Of the functions: the runtime nodejs18.x is not emulated; using nodejs22.x.",
        "serverless.yml:12: The layer arn:aws:lambda:eu-west-1:123456789012:layer:other:3 is not on this machine. Functions run without it. To run with it, download it (aws lambda get-layer-version-by-arn) and name the zip here instead.",
        "serverless.yml:14: Events of type schedule are not emulated. Run such a function with: invoke FUNCTION --event event.json",
        "serverless.yml:16: The authorizer jwt is not emulated, because provider.httpApi.authorizers has none of this name: its routes let every request through, without requestContext.authorizer.",
        "The variable \${ssm:/never/looked/up} has no value on this machine, so what uses it is left out. Set it, or give it a fallback after a comma.",
        "serverless.yml:21: the function image is a container image, which is not emulated; run it with Docker, or give it a handler. Its routes answer 502.",
        "serverless.yml:22: the runtime python3.13 of function python is not emulated. Use nodejs22.x, nodejs24.x, nodejs26.x. Its routes answer 502.",
        "These AWS resources are not created on this machine; values made from their names in the file stand in for them: TABLE (Orders), QUEUE (Queue.Arn).",
      ]
    `);
  });
});

describe('a serverless.yml that cannot run', () => {
  const errorOf = (yaml: string, files: Record<string, string> = {}) => {
    const folder = projectFolder({ 'serverless.yml': yaml, 'index.js': '', ...files });
    try {
      readProject(join(folder, 'serverless.yml'), { env: {} });
    } catch (error) {
      const { code, message } = error as Error & { code: string };
      return `${code}\n${message.replaceAll(folder, '.')}`;
    }
    throw new Error('it could run');
  };
  const withFunction = (settings: string) => `
service: shop
provider: { name: aws, runtime: nodejs24.x }
functions:
  order: ${settings}
`;

  it('says which line is not YAML', () => {
    expect(errorOf('service: shop\nfunctions: [\n  a: b\n')).toMatchInlineSnapshot(`
      "ASYNC_HTTP_EMULATOR_PROJECT_SYNTAX
      ./serverless.yml:4 is not valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ]. Correct this line."
    `);
  });

  it('says that a handler file is missing', () => {
    expect(errorOf(withFunction('{ handler: src/order.handler }'))).toMatchInlineSnapshot(`
      "ASYNC_HTTP_EMULATOR_HANDLER_NOT_FOUND
      ./serverless.yml:5: the handler "src/order.handler" of function order cannot be loaded: there is no ./src/order with the extension .js, .mjs, .cjs, .ts, .mts, .cts, .tsx, .jsx. Correct the handler, or build the code first."
    `);
  });

  it('says that a handler has no export', () => {
    expect(errorOf(withFunction('{ handler: order }'))).toMatchInlineSnapshot(`
      "ASYNC_HTTP_EMULATOR_HANDLER_NOT_FOUND
      ./serverless.yml:5: the handler "order" of function order cannot be loaded: it must look like path/to/module.export, without ".."."
    `);
  });

  it('says that a handler in a layer needs a layer', () => {
    expect(errorOf(withFunction('{ handler: /opt/proxy.handler }'))).toMatchInlineSnapshot(`
      "ASYNC_HTTP_EMULATOR_HANDLER_NOT_FOUND
      ./serverless.yml:5: the handler "/opt/proxy.handler" of function order cannot be loaded: it is in a layer, but the function has none. Add the layer to the function."
    `);
  });

  it('says that a layer file is missing', () => {
    expect(
      errorOf(withFunction('{ handler: index.handler, layers: [./layer.zip] }')),
    ).toMatchInlineSnapshot(`
      "ASYNC_HTTP_EMULATOR_LAYER_NOT_FOUND
      ./serverless.yml:5: the layer ./layer.zip is to be at ./layer.zip, but nothing is there. Build the layer first, or correct the path."
    `);
  });

  it('says that no runtime can be emulated', () => {
    expect(
      errorOf(withFunction('{ handler: index.handler, runtime: python3.13 }')),
    ).toMatchInlineSnapshot(`
      "ASYNC_HTTP_EMULATOR_RUNTIME_UNSUPPORTED
      ./serverless.yml:5: the runtime python3.13 of function order is not emulated. Use nodejs22.x, nodejs24.x, nodejs26.x."
    `);
  });

  it('says that a setting has the wrong type', () => {
    expect(
      errorOf(withFunction('{ handler: index.handler, timeout: soon }')),
    ).toMatchInlineSnapshot(`
      "ASYNC_HTTP_EMULATOR_PROJECT_INVALID
      ./serverless.yml:5: functions.order.timeout must be a whole number."
    `);
  });

  it('says that two functions have the same route', () => {
    expect(
      errorOf(`
service: shop
provider: { name: aws, runtime: nodejs24.x }
functions:
  a: { handler: index.handler, events: [{ httpApi: 'GET /x' }] }
  b: { handler: index.handler, events: [{ httpApi: 'GET /x' }] }
`),
    ).toMatchInlineSnapshot(`
      "ASYNC_HTTP_EMULATOR_PROJECT_INVALID
      ./serverless.yml:4: the route "GET /x" belongs to a and to b. Remove one."
    `);
  });

  it('says that a path is not one of API Gateway', () => {
    expect(
      errorOf(withFunction("{ handler: index.handler, events: [{ httpApi: 'GET /{proxy+}/x' }] }")),
    ).toMatchInlineSnapshot(`
      "ASYNC_HTTP_EMULATOR_PROJECT_INVALID
      ./serverless.yml:5: the path "/{proxy+}/x" is not one that API Gateway takes. It starts with /, a variable is a whole segment, and {proxy+} is the last one."
    `);
  });

  it('says that there is no function', () => {
    expect(errorOf('service: shop\nprovider: { name: aws }\nfunctions: {}')).toMatchInlineSnapshot(`
      "ASYNC_HTTP_EMULATOR_PROJECT_INVALID
      ./serverless.yml:3: functions has no function, so there is nothing to run. Add one, or name another project file or folder."
    `);
  });

  it('says that it is not a project file', () => {
    expect(errorOf('a: 1')).toMatchInlineSnapshot(`
      "ASYNC_HTTP_EMULATOR_PROJECT_INVALID
      ./serverless.yml: this is neither a serverless.yml (with "functions") nor a SAM template (with "Resources")."
    `);
  });
});

describe('what looks like a slip of the pen in a serverless.yml', () => {
  const warningsOf = (settings: string, top = '') =>
    read(`
service: shop
provider: { name: aws, runtime: nodejs24.x }
${top}
functions:
  order:
    handler: index.handler
    ${settings}
`).warnings;

  it.each([
    ['timout: 30', 'timeout'],
    ['enviroment: { A: b }', 'environment'],
    ['Memorysize: 512', 'memorySize'],
    ['layer: []', 'layers'],
  ])('%s: says that %s was probably meant', (settings, meant) => {
    const [key] = settings.split(':');

    expect(warningsOf(settings)).toEqual([
      `serverless.yml:8: The key ${key} is not known and has no effect: write ${meant}.`,
    ]);
  });

  it('a key of Serverless Framework or of a plugin is none', () => {
    expect(warningsOf('vpc: {}')).toEqual([]);
    expect(warningsOf('logRetentionInDays: 7')).toEqual([]);
    expect(warningsOf('iamRoleStatements: []')).toEqual([]);
    expect(warningsOf('warmup: true')).toEqual([]);
  });

  it('an event type in the wrong case', () => {
    expect(warningsOf("events: [{ httpapi: 'GET /' }]")).toEqual([
      'serverless.yml:8: The event type httpapi is not known, so there is no such route: write httpApi.',
    ]);
  });

  it('a reference to a layer that is not there, said once', () => {
    expect(warningsOf('layers: [!Ref AsyncHttLambdaLayer]')).toEqual([
      'serverless.yml:8: The layer AsyncHttLambdaLayer is not defined in this file. Functions run without it.',
    ]);
  });
});

it('names the variables whose values exist in AWS only, each reference once', () => {
  const { warnings, functions } = read(`
service: shop
provider: { name: aws, runtime: nodejs24.x, environment: { QUEUE_ARN: !GetAtt Jobs.Arn } }
functions:
  order: { handler: index.handler, environment: { ALSO: !Sub 'x-\${Jobs.Arn}', TABLE: !Ref Orders } }
  other: { handler: index.handler }
`);

  expect(functions[1]?.environment).toEqual({ QUEUE_ARN: 'Jobs.Arn' });
  expect(warnings).toEqual([
    'These AWS resources are not created on this machine; values made from their names in the file ' +
      'stand in for them: QUEUE_ARN, ALSO (Jobs.Arn), TABLE (Orders).',
  ]);
});
