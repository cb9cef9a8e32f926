import { describe, expect, it } from 'vitest';
import { attempt, handlerProcess } from '../fixtures/handler-process.ts';

/** A handler with OpenTelemetry has ended an attempt for `request-7`. */
async function afterAttempt() {
  const repliedAtMs = Date.now() - 1;
  const env = { OTEL_METRICS_EXPORTER: 'none', OTEL_LOGS_EXPORTER: 'none', EXPORTED: '/dev/null' };
  const handlers = handlerProcess('traced.handler', { env });
  const result = await handlers.run(attempt({ tellsPid: true }, { requestId: 'request-7' }));
  if (result.status === 'failed') throw new Error(result.errorMessage);
  return {
    handlers,
    tail: { requestId: 'request-7', repliedAtMs, limitMs: 600_000 },
    standStill: () => process.kill(Number(result.result), 'SIGSTOP'),
  };
}

describe('the span of a tail', () => {
  it('is waited for, no longer than it may take', async () => {
    const { handlers, tail, standStill } = await afterAttempt();
    standStill();
    const began = performance.now();

    await handlers.exportTail({ ...tail, limitMs: 300 });

    expect(performance.now() - began).toBeGreaterThan(290);
  });

  it('is not waited for when the process ends', async () => {
    const { handlers, tail, standStill } = await afterAttempt();
    standStill();
    const exported = handlers.exportTail(tail);

    await handlers.kill();

    await exported;
  });

  it.each([
    ['no attempt has run for the request', { requestId: 'request-8' }],
    ['none has ended since the reply', { repliedAtMs: Date.now() + 600_000 }],
  ])('is none where %s', async (_, facts) => {
    const { handlers, tail, standStill } = await afterAttempt();
    standStill();

    await handlers.exportTail({ ...tail, ...facts });
  });
});
