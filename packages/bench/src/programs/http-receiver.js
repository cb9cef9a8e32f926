// Answers each POST on a Unix socket, when its body is complete, with a short body: plain node:http.
import { createServer } from 'node:http';

const [, , socketPath] = process.argv;

createServer({ keepAliveTimeout: 0 }, (request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    response.writeHead(202, { 'content-type': 'application/json' });
    response.end('{"jobId":"request-1.1"}');
  });
}).listen(socketPath, () => console.log('ready'));
