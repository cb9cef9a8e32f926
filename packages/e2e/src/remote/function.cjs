// A function that does what the stage says.
const { execFileSync } = require('node:child_process');
const { closeSync, mkdirSync, openSync, writeSync } = require('node:fs');
const { sendArgs } = require('/opt/proxy');
const ask = require('./ask.cjs');

const JOURNAL = '/tmp/async-http/journal';

exports.handler = async (event, context) => {
  let report = { step: 'invoked', event };
  while (true) {
    const order = await ask('function', { requestId: context.awsRequestId, ...report });
    switch (order.do) {
      case 'reply':
        return order.with ?? 'ok';
      case 'hand off': {
        const { jobId } = await sendArgs(order.event, context);
        report = { step: 'accepted', name: order.event.name, jobId };
        break;
      }
      case 'hang':
        setInterval(() => {}, 60_000); // A promise alone would let the process end.
        await new Promise(() => {});
        break;
      case 'give the journal a disk of its own':
        mkdirSync(JOURNAL, { recursive: true });
        execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', JOURNAL]);
        report = { step: 'invoked', event };
        break;
      case 'fill the disk of the journal':
        fillDisk();
        report = { ...report, filled: true };
        break;
      default:
        throw new Error(`The stage says ${JSON.stringify(order)}`);
    }
  }
};

function fillDisk() {
  // In the rejected folder's way would be a job; a hidden folder is none.
  mkdirSync(`${JOURNAL}/.ballast`, { recursive: true });
  const file = openSync(`${JOURNAL}/.ballast/file`, 'a');
  const page = Buffer.alloc(4096);
  try {
    while (true) writeSync(file, page);
  } catch (error) {
    if (error.code !== 'ENOSPC') throw error;
  } finally {
    closeSync(file);
  }
}
