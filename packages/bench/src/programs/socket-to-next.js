// For each message on a Unix socket, asks the Extensions API for the next event: the least that lies
// between the end of a job, which another process tells, and /event/next.
import { request } from 'node:http';
import { createServer } from 'node:net';

const [, , socketPath] = process.argv;
const next = `http://${process.env.AWS_LAMBDA_RUNTIME_API}/2020-01-01/extension/event/next`;

createServer((connection) => {
  connection.on('data', () => {
    request(next, { agent: false }, (response) => response.resume()).end();
  });
}).listen(socketPath, () => console.log('ready'));
