import { describe, expect, it } from 'vitest';
import { createLog } from '../../src/output/log.ts';

function lines(options: { format?: string; level?: string } = {}) {
  const written: string[] = [];
  const log = createLog({
    format: options.format,
    level: options.level,
    write: (line) => written.push(line),
  });
  return { log, written };
}

describe("the extension's own lines", () => {
  it("have the text format of the function's lines", () => {
    const { log, written } = lines();

    log.error('job failed\nbadly', { requestId: 'r1', jobId: 'r1.1' });

    expect(written[0]).toMatch(
      /^\d{4}-\d\d-\d\dT[\d:.]+Z\tr1\tERROR\t\[async-http\] job failed\rbadly {"jobId":"r1.1"}\n$/,
    );
  });

  it('are JSON objects where the function logs JSON', () => {
    const { log, written } = lines({ format: 'JSON' });

    log.warn('slow', { requestId: 'r1', durationMs: 5 });

    expect(JSON.parse(written[0] ?? '')).toEqual({
      timestamp: expect.any(String),
      level: 'WARN',
      requestId: 'r1',
      durationMs: 5,
      message: '[async-http] slow',
    });
  });

  it('respect AWS_LAMBDA_LOG_LEVEL', () => {
    const { log, written } = lines({ level: 'error' });

    log.warn('not written');
    log.error('written');

    expect(written).toHaveLength(1);
  });

  it('leave out DEBUG unless it is asked for', () => {
    const { log, written } = lines();

    log.debug('not written');

    expect(written).toEqual([]);
  });
});
