import { describe, expect, it } from 'vitest';
import { EnvironmentCgroups } from '../../src/sandbox/cgroups/environment-cgroups.ts';
import { fixture, hasNamespaces, start } from '../support/start.ts';

const probe = await EnvironmentCgroups.create({ memoryMiB: 128, cpuCores: undefined });
const canLimit = probe.procsFiles.length > 0;
await probe.remove();

describe('Memory', () => {
  it.runIf(canLimit && hasNamespaces)(
    'more than memoryMiB: the runtime is killed, and the report says so',
    async () => {
      const lambda = await start({ code: fixture('functions/outcomes'), memoryMiB: 128 });

      const result = await lambda.invoke({ outcome: 'keep', bytes: 300 * 1024 * 1024 });
      await lambda.idle();

      expect(JSON.parse(result.payload.toString())).toEqual({
        errorType: 'Runtime.ExitError',
        errorMessage: `RequestId: ${result.requestId} Error: Runtime exited with error: signal: killed`,
      });
      await lambda.line(
        /^REPORT .*\tMemory Size: 128 MB\tMax Memory Used: 128 MB\t.*Error Type: Runtime\.ExitError/,
      );
      expect((await lambda.invoke({})).functionError).toBeUndefined();
    },
  );

  it('Max Memory Used grows with what the function keeps', async () => {
    const lambda = await start({ code: fixture('functions/outcomes'), memoryMiB: 512 });
    const used = async (bytes: number) => {
      const { requestId } = await lambda.invoke({ outcome: 'keep', bytes });
      await lambda.idle();
      const [, mib] = await lambda.line(
        new RegExp(`^REPORT RequestId: ${requestId}.*Max Memory Used: (\\d+) MB`),
      );
      return Number(mib);
    };

    const little = await used(1_000);
    const much = await used(100 * 1024 * 1024);

    expect(little).toBeGreaterThan(5);
    expect(much - little).toBeGreaterThan(80);
  });
});
