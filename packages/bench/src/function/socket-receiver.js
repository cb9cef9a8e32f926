// Answers each message on a Unix socket, when it is complete, with a short one. A message is its
// length (32 bits) and that many bytes, which are kept, as somebody who wants to read them has to.
import { createServer } from 'node:net';

const [, , socketPath] = process.argv;
const ANSWER = Buffer.from('{"jobId":"request-1.1"}');

createServer((connection) => {
  let chunks = [];
  let received = 0;
  connection.on('data', (chunk) => {
    chunks.push(chunk);
    received += chunk.length;
    if (received < 4 + chunks[0].readUInt32BE(0)) return;
    connection.write(ANSWER);
    chunks = [];
    received = 0;
  });
}).listen(socketPath, () => console.log('ready'));
