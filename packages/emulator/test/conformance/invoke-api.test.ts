import { fetch } from 'undici';
import { expect, it } from 'vitest';
import { startApi } from '../http/start-api.ts';
import { hasNamespaces } from '../support/start.ts';

const invoke = (url: string, body: string) =>
  fetch(`${url}/2015-03-31/functions/slow/invocations`, { method: 'POST', body });

it.runIf(hasNamespaces)(
  'Invoke API, where environments run side by side: localstack@8b9a79f, test_lambda_concurrency_block, recorded 2025-11-24: throttled',
  async () => {
    const api = await startApi({
      routes: { 'GET /': 'slow' },
      lambda: { maxConcurrency: 1, isolation: 'namespace' },
    });
    const first = invoke(api.url, '{"queryStringParameters":{"ms":"1000"}}');
    await expect.poll(() => api.lambda('slow').timeline.length, { timeout: 20_000 }).not.toBe(0);

    const response = await invoke(api.url, '{}');

    expect(response.status).toBe(429);
    expect(response.headers.get('x-amzn-errortype')).toBe('TooManyRequestsException');
    expect(await response.json()).toEqual({
      Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
      Type: 'User',
      message: 'Rate Exceeded.',
    });
    expect((await first).status).toBe(200);
  },
);
