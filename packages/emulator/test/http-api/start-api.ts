import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { HttpApiEvent } from '../../src/http-api/http-api-event.ts';
import { type HttpApi, startHttpApi } from '../../src/http-api/server.ts';
import type { Lambda, LambdaOptions } from '../../src/lambda-types.ts';
import type { Route } from '../../src/project/project.ts';
import { startLambda } from '../../src/start-lambda.ts';

const CODE = fileURLToPath(new URL('../fixtures/project', import.meta.url));

export interface ApiSetup {
  /** Handlers of fixtures/project/src/handlers.js and the routes that lead to them: `GET /path`. */
  readonly routes: Readonly<Record<string, string>>;
  readonly lambda?: Partial<LambdaOptions>;
  readonly stage?: string;
  /** Integration timeout of every route. */
  readonly timeoutMs?: number;
}

export interface RunningApi extends HttpApi {
  readonly events: readonly HttpApiEvent[];
  lambda(handler: string): Lambda;
}

/** An HTTP API with real functions behind it, gone after the test. */
export async function startApi(setup: ApiSetup): Promise<RunningApi> {
  const functions = new Map<string, Lambda>();
  for (const handler of new Set(Object.values(setup.routes))) {
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
  const events: HttpApiEvent[] = [];
  const api = await startHttpApi({
    routes: Object.entries(setup.routes).map(([key, functionName]) =>
      toRoute(key, functionName, setup),
    ),
    functions,
    functionUrls: [...functions.keys()],
    port: 0,
    ...(setup.stage && { stage: setup.stage }),
    onEvent: (event) => events.push(event),
  });
  onTestFinished(() => api.close());
  return {
    ...api,
    events,
    lambda(handler) {
      const lambda = functions.get(handler);
      if (!lambda) throw new Error(`no route leads to ${handler}`);
      return lambda;
    },
  };
}

function toRoute(key: string, functionName: string, { timeoutMs }: ApiSetup): Route {
  const [method = 'ANY', path = '$default'] = key === '$default' ? [] : key.split(' ');
  return { method, path, functionName, ...(timeoutMs !== undefined && { timeoutMs }) };
}
