import { expect, it } from 'vitest';
import { checkNodeVersion } from '../../src/cli/node-version.ts';

it.each(['22.19.0', '22.20.1', '24.0.0', '26.1.0'])('Node.js %s is new enough', (version) => {
  expect(() => checkNodeVersion(version)).not.toThrow();
});

it.each(['18.20.0', '20.20.2', '22.18.9'])('Node.js %s is too old', (version) => {
  expect(() => checkNodeVersion(version)).toThrow(
    expect.objectContaining({ code: 'ASYNC_HTTP_EMULATOR_NODE_TOO_OLD' }),
  );
});
