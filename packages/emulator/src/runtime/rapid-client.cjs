'use strict';
// Stands in for `rapid-client.node`, the native HTTP client of AWS's runtime interface client, with
// the same three functions and the same timing:
// - next() leaves the event loop free, and holds the process meanwhile;
// - done() and error() block: the response is out before any other JavaScript runs;
// - a process that ends while next() waits is gone only when next() has returned, as the native
//   thread is joined at exit. So a crash behind the response fails the next invoke.
// It has to be as cheap as the native one, or cold starts look better beside it than they are: a worker
// thread that could block, and node:http, cost as much CPU as the rest of the runtime.
// The native client needs no global, and a function may replace this one.
const { Buffer } = require('node:buffer');
const { writeSync } = require('node:fs');
const { BlockingConnection } = require('./blocking-connection.cjs');
const { ResponseReader, requestBytes } = require('./http-message.cjs');

/** As many connections as calls at once: on Managed Instances, responses are posted while next() waits. */
const nextConnection = new BlockingConnection(process.env.AWS_LAMBDA_RUNTIME_API);
const postConnection = new BlockingConnection(process.env.AWS_LAMBDA_RUNTIME_API);

const STDERR = 2;

/** Where somebody wants to know what the function leaves unfinished. */
let pendingWork;
if (process.env._EMULATOR_PENDING_WORK) {
  pendingWork = require('./pending-work.cjs');
  pendingWork.start(...JSON.parse(process.env._EMULATOR_PENDING_WORK));
  delete process.env._EMULATOR_PENDING_WORK;
}

/** The reader of the response that next() waits for. */
let awaited;

function waitForNext() {
  try {
    if (awaited) nextConnection.readBlocking(awaited);
  } catch {
    // The connection is lost: next() has failed, and the process may go.
  }
}

exports.next = function next() {
  // Added anew each time, so that it runs after every exit listener of the function.
  process.off('exit', waitForNext);
  process.on('exit', waitForNext);
  return new Promise((resolve, reject) => {
    const fail = (code) => reject(new Error(`Failed to get next invocation, error ${code}`));
    awaited = new ResponseReader();
    nextConnection.call(requestBytes('GET', 'next'), awaited, (error, response) => {
      awaited = undefined;
      if (error) fail(-1);
      else if (response.status !== 200) fail(response.status);
      else {
        pendingWork?.beginRequest(response.headers['lambda-runtime-aws-request-id']);
        resolve({ bodyJson: response.body.toString(), headers: nativeHeaders(response.headers) });
      }
    });
  });
};

exports.done = function done(id, body) {
  post('response', id, body);
};

exports.error = function error(id, body, xrayCause) {
  post('error', id, body, xrayCause);
};

function post(result, id, body, xrayCause = '') {
  try {
    const headers = {
      'content-type': 'application/json',
      // UTF-8 bytes, as the native client sends them; a header is made of one byte for each character.
      'lambda-runtime-function-xray-error-cause': Buffer.from(xrayCause).toString('latin1'),
    };
    postConnection.callBlocking(
      requestBytes('POST', `${id}/${result}`, headers, body),
      new ResponseReader(),
    );
  } catch (error) {
    // The native client drops the outcome too: the platform has already decided what the caller gets.
    // Only a post that never got out leaves a word, as nothing else would tell why the caller waits.
    writeSync(STDERR, `The runtime could not post its ${result}: ${error.message}\n`);
  }
}

/** The headers in the form in which the native client hands them to the runtime. */
function nativeHeaders(headers) {
  const native = {
    'lambda-runtime-deadline-ms': Number(headers['lambda-runtime-deadline-ms']),
    'lambda-runtime-aws-request-id': headers['lambda-runtime-aws-request-id'],
    'lambda-runtime-trace-id': headers['lambda-runtime-trace-id'] ?? '',
    'lambda-runtime-invoked-function-arn': headers['lambda-runtime-invoked-function-arn'],
  };
  for (const name of [
    'lambda-runtime-client-context',
    'lambda-runtime-cognito-identity',
    'lambda-runtime-aws-tenant-id',
  ]) {
    // The reader has made one character of each byte.
    if (headers[name]) native[name] = Buffer.from(headers[name], 'latin1').toString();
  }
  return native;
}
