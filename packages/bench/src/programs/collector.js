// Takes OTLP over HTTP, as a collector on the same machine does, and forgets it. Sends its address to its parent.
import { createServer } from 'node:http';

const server = createServer((incoming, response) => {
  incoming.resume();
  incoming.on('end', () => response.setHeader('content-type', 'application/json').end('{}'));
}).listen(0, '127.0.0.1', () => process.send(`http://127.0.0.1:${server.address().port}`));
