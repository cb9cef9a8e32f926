import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { FunctionUrl } from '../../src/http/function-url/exchange.ts';
import type { HttpEvent } from '../../src/http/http-event.ts';
import { type HttpServer, startHttpServer } from '../../src/http/server.ts';
import type { Lambda, LambdaOptions } from '../../src/lambda-types.ts';
import type { Api, Route } from '../../src/project/project.ts';
import { startLambda } from '../../src/start-lambda.ts';

const CODE = fileURLToPath(new URL('../fixtures/project', import.meta.url));

export interface ApiSetup {
  /** Handlers of fixtures/project/src/handlers.js and the routes that lead to them: `GET /path`. */
  readonly routes: Readonly<Record<string, string>>;
  /** Handlers that no route leads to. */
  readonly others?: readonly string[];
  readonly lambda?: Partial<LambdaOptions>;
  /** Default: an HTTP API with the stage `$default`. */
  readonly api?: Partial<Api>;
  /** Of every route. */
  readonly route?: Partial<Route>;
  /** Of every function URL. */
  readonly url?: Partial<FunctionUrl>;
}

export interface RunningApi extends HttpServer {
  readonly events: readonly HttpEvent[];
  lambda(handler: string): Lambda;
}

/** An HTTP API with real functions behind it, gone after the test. */
export async function startApi(setup: ApiSetup): Promise<RunningApi> {
  const functions = new Map<string, Lambda>();
  for (const handler of new Set([...Object.values(setup.routes), ...(setup.others ?? [])])) {
    const lambda = await startLambda({
      name: `fixture-${handler}`,
      code: CODE,
      handler: `src/handlers.${handler}`,
      timeoutMs: 20_000,
      ...setup.lambda,
    });
    onTestFinished(() => lambda.close());
    functions.set(handler, lambda);
  }
  const events: HttpEvent[] = [];
  const routes = Object.entries(setup.routes).map(([key, functionName]) => ({
    ...toRoute(key, functionName),
    ...setup.route,
  }));
  const api = await startHttpServer({
    apis: [{ name: 'test', protocol: 'http', stage: '$default', routes, ...setup.api }],
    functions,
    functionUrls: [...functions.keys()].map((functionName) => ({ functionName, ...setup.url })),
    port: 0,
    onEvent: (event) => events.push(event),
  });
  onTestFinished(() => api.close());
  return {
    ...api,
    events,
    lambda(handler) {
      const lambda = functions.get(handler);
      if (!lambda) throw new Error(`there is no function ${handler}`);
      return lambda;
    },
  };
}

function toRoute(key: string, functionName: string): Route {
  const [method = 'ANY', path = '$default'] = key === '$default' ? [] : key.split(' ');
  return { method, path, functionName };
}
