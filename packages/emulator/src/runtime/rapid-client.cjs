'use strict';
// Stands in for `rapid-client.node`, the native HTTP client of AWS's runtime interface client, with
// the same three functions and the same timing:
// - next() waits on another thread, so the event loop stays free, and holds the process meanwhile;
// - done() and error() block: the response is out before any other JavaScript runs;
// - a process that ends while next() waits is gone only when next() has returned, as the native
//   thread is joined at exit. So a crash behind the response fails the next invoke.
const { join } = require('node:path');
const { Worker } = require('node:worker_threads');

/** Cells of the memory shared with the worker. */
const POSTED = 0;
const NEXT_RETURNED = 1;

const shared = new Int32Array(new SharedArrayBuffer(8));
const worker = new Worker(join(__dirname, 'rapid-client-worker.cjs'), {
  workerData: { shared, address: process.env.AWS_LAMBDA_RUNTIME_API },
  // Neither the user's NODE_OPTIONS nor the platform's preload belong in there.
  env: {},
  execArgv: [],
});
worker.unref();

let waiting;

worker.on('message', ({ invocation, failure }) => {
  const { resolve, reject } = waiting;
  waiting = undefined;
  worker.unref();
  if (invocation) resolve(invocation);
  else reject(new Error(failure));
});

function waitForNext() {
  if (waiting) Atomics.wait(shared, NEXT_RETURNED, 0);
}

exports.next = function next() {
  return new Promise((resolve, reject) => {
    waiting = { resolve, reject };
    Atomics.store(shared, NEXT_RETURNED, 0);
    // Added anew each time, so that it runs after every exit listener of the function.
    process.off('exit', waitForNext);
    process.on('exit', waitForNext);
    worker.ref();
    worker.postMessage({ call: 'next' });
  });
};

exports.done = function done(id, body) {
  post({ call: 'response', id, body });
};

exports.error = function error(id, body, xrayCause) {
  post({ call: 'error', id, body, xrayCause });
};

function post(message) {
  Atomics.store(shared, POSTED, 0);
  worker.postMessage(message);
  Atomics.wait(shared, POSTED, 0);
}
