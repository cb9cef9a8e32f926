// The function that is asked. Its lines that begin with RECORD are the answers.
import { writeFileSync } from 'node:fs';

const record = (facts) => console.log(`RECORD ${JSON.stringify({ at: Date.now(), ...facts })}`);

let ticks = 0;
setInterval(() => ticks++, 10);
let before;

process.on('SIGTERM', () => {
  // The last line before SIGKILL shows how long the runtime has.
  const startedAt = Date.now();
  setInterval(() => record({ runtimeAfterSigtermMs: Date.now() - startedAt }), 20);
});

export const handler = async ({ holdMs }, { awsRequestId }) => {
  record({ invoke: awsRequestId, holdMs });
  const now = { wallMs: Date.now(), monotonicMs: performance.now(), ticks };
  const sinceLastInvoke =
    before &&
    Object.fromEntries(Object.entries(now).map(([key, value]) => [key, value - before[key]]));
  // The extension keeps its `next` back that long.
  if (holdMs) writeFileSync('/tmp/hold', String(holdMs));
  before = now;
  const { version, execArgv, argv, env } = process;
  const { NODE_OPTIONS, NODE_PATH, PATH } = env;
  return { sinceLastInvoke, version, execArgv, argv, NODE_OPTIONS, NODE_PATH, PATH };
};
