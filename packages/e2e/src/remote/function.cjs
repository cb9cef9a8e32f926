// A function that does what the stage says.
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const { syncBuiltinESMExports } = require('node:module');
const ask = require('./ask.cjs');

const LOGS = '/tmp/async-http';

/** What happens once between the two steps of a hand-off: the job is in the log, and the bell is not rung. */
let beforeBell;
const { writeSync } = fs;
fs.writeSync = (file, data, ...more) => {
  if (beforeBell && String(data).startsWith('\nJ ')) {
    const act = beforeBell;
    beforeBell = undefined;
    act();
  }
  return writeSync(file, data, ...more);
};
syncBuiltinESMExports();
const { jobKey, sendArgs } = require('/opt/proxy');

exports.handler = async (event, context) => {
  let report = { step: 'invoked', event };
  while (true) {
    const order = await ask('function', { requestId: context.awsRequestId, ...report });
    switch (order.do) {
      case 'reply':
        return order.with ?? 'ok';
      case 'fail':
        throw new Error('as the stage says');
      case 'hand off': {
        beforeBell = BEFORE_BELL[order.beforeBell];
        const options = order.key === undefined ? {} : { key: jobKey(order.key) };
        const { jobId } = await sendArgs(order.event, context, options);
        report = { step: 'handed off', name: order.event.name, jobId };
        break;
      }
      case 'hang':
        setInterval(() => {}, 60_000); // A promise alone would let the process end.
        await new Promise(() => {});
        break;
      case 'give the logs their own disk':
        fs.mkdirSync(LOGS, { recursive: true });
        execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', LOGS]);
        report = { step: 'invoked', event };
        break;
      case 'fill the disk of the logs':
        fillDisk();
        report = { ...report, filled: true };
        break;
      case 'empty /tmp':
        emptyTmp();
        report = { ...report, emptied: true };
        break;
      default:
        throw new Error(`The stage says ${JSON.stringify(order)}`);
    }
  }
};

const BEFORE_BELL = {
  'stand still': () => process.kill(process.pid, 'SIGSTOP'),
  'empty /tmp': emptyTmp,
};

/** As many functions do to make room. */
function emptyTmp() {
  for (const name of fs.readdirSync('/tmp')) {
    try {
      fs.rmSync(`/tmp/${name}`, { recursive: true });
    } catch {
      // The checkout is shown here, read-only, where it is below /tmp.
    }
  }
  if (fs.existsSync(LOGS)) throw new Error('/tmp is not empty');
}

function fillDisk() {
  const file = fs.openSync(`${LOGS}/ballast`, 'a');
  const page = Buffer.alloc(4096);
  try {
    while (true) fs.writeSync(file, page);
  } catch (error) {
    if (error.code !== 'ENOSPC') throw error;
  } finally {
    fs.closeSync(file);
  }
}
