import { describe, expect, it } from 'vitest';
import { folder } from '../support/layer.ts';
import { hasNamespaces, runtimes, start } from '../support/start.ts';

/** As require-in-the-middle 5 does it. */
const TRACER = `
const Module = require('node:module');
const { require: original } = Module.prototype;
Module.prototype.require = function (id) {
  Module._resolveFilename(id, this);
  return original.call(this, id);
};
`;

describe.each(runtimes)('Node.js runtime: require() that is traced (%s)', (runtime) => {
  // NODE_OPTIONS names the tracer by its path, which exists only where environments have their own file system.
  it.runIf(hasNamespaces)('still finds the native client of the runtime', async () => {
    const lambda = await start({
      runtime,
      code: await folder({
        'tracer.js': TRACER,
        'index.js': 'exports.handler = async () => "started";',
      }),
      environment: { NODE_OPTIONS: '--require /var/task/tracer.js' },
    });

    const { payload } = await lambda.invoke({});

    expect(JSON.parse(payload.toString())).toBe('started');
  });
});
