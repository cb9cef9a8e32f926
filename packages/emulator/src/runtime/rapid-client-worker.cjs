'use strict';
// The thread of rapid-client.cjs that speaks HTTP with the Runtime API.
const { writeSync } = require('node:fs');
const http = require('node:http');
const { parentPort, workerData } = require('node:worker_threads');

const { shared, address } = workerData;
const [host, port] = address.split(':');
const agent = new http.Agent({ keepAlive: true });

/** Cells of the shared memory, as in rapid-client.cjs. */
const POSTED = 0;
const NEXT_RETURNED = 1;
/** Written directly: the thread that would pass on this one's output is blocked. */
const STDERR = 2;

parentPort.on('message', (message) => {
  if (message.call === 'next') next();
  else post(message);
});

function next() {
  call('GET', 'next', {}, undefined, (error, status, headers, body) => {
    if (error || status !== 200) {
      const code = error ? -1 : status;
      parentPort.postMessage({ failure: `Failed to get next invocation, error ${code}` });
    } else {
      parentPort.postMessage({
        invocation: { bodyJson: body.toString(), headers: nativeHeaders(headers) },
      });
    }
    release(NEXT_RETURNED);
  });
}

function post({ call: result, id, body, xrayCause }) {
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    // UTF-8 bytes, as the native client sends them; Node.js makes one byte of each character.
    'lambda-runtime-function-xray-error-cause': Buffer.from(xrayCause ?? '').toString('latin1'),
  };
  // The native client drops the outcome too: the platform has already decided what the caller gets.
  // Only a post that never got out leaves a word, as nothing else would tell why the caller waits.
  call('POST', `${id}/${result}`, headers, body, (error) => {
    if (error) writeSync(STDERR, `The runtime could not post its ${result}: ${error.message}\n`);
    release(POSTED);
  });
}

function release(cell) {
  Atomics.store(shared, cell, 1);
  Atomics.notify(shared, cell);
}

function call(method, path, headers, body, done) {
  let request;
  try {
    request = http.request({
      agent,
      host,
      port,
      method,
      path: `/2018-06-01/runtime/invocation/${path}`,
      headers,
    });
  } catch (error) {
    // What Node.js refuses to send; whoever waits must hear of that too.
    done(error);
    return;
  }
  request.on('response', (response) => {
    const chunks = [];
    response.on('data', (chunk) => chunks.push(chunk));
    response.on('end', () =>
      done(undefined, response.statusCode, response.headers, Buffer.concat(chunks)),
    );
    response.on('error', (error) => done(error));
  });
  request.on('error', (error) => done(error));
  request.end(body);
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
    // Node.js has made one character of each byte.
    if (headers[name]) native[name] = Buffer.from(headers[name], 'latin1').toString();
  }
  return native;
}
