import type { Lambda } from '@async-http/emulator';
import type { Figure, Stand } from '../figure.ts';
import { countNode, environmentProcesses } from '../setup/environment-processes.ts';
import { invoke } from '../setup/invoke.ts';
import { startFunction } from '../setup/start-function.ts';

/** What a function that only uses `waitUntil` has running beside it. Linux only. */
export const waitUntilProcesses: Figure = {
  name: 'wait-until-processes',
  title: 'waitUntil with the layer: Node.js processes beside the function',
  unit: '',
  budgets: [{ units: 0 }],
  async measure(stand) {
    const withHandler = await start(stand, { ASYNC_HANDLER: 'background.handler' });
    const without = await start(stand, {});
    return {
      ours: { what: 'ASYNC_HANDLER is set', samples: [await countBeside(withHandler)] },
      otherModes: [{ what: 'ASYNC_HANDLER is not set', samples: [await countBeside(without)] }],
    };
  },
};

function start(stand: Stand, environment: Record<string, string>): Promise<Lambda> {
  return startFunction(stand, {
    name: `wait-until-${Object.keys(environment).length}`,
    handler: 'wait-until.handler',
    layers: [stand.layer.zip],
    environment,
  });
}

async function countBeside(lambda: Lambda): Promise<number> {
  await invoke(lambda, { usesWaitUntil: true });
  await lambda.idle();
  return countNode((await environmentProcesses(lambda)).extensions);
}
