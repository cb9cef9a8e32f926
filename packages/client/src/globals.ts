/**
 * `import '@async-http/client/globals'`: lets `waitUntil` of `@vercel/functions`, Next.js's `after()`, and
 * whatever else looks for one in these two places, use ours. A context that is there already stays.
 */
import { waitUntil } from '@async-http/client';

const context = { waitUntil };
const globals = globalThis as Record<symbol, unknown>;

for (const name of ['@vercel/request-context', '@next/request-context']) {
  globals[Symbol.for(name)] ??= { get: () => context };
}
