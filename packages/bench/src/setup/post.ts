import { type Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';

/** What `programs/http-receiver.js` is sent: a plain POST. Resolves with the answer. */
export function post(agent: Agent, socketPath: string, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-length': Buffer.byteLength(body) };
    request({ agent, socketPath, method: 'POST', path: '/jobs', headers }, (response) =>
      resolve(text(response)),
    )
      .on('error', reject)
      .end(body);
  });
}
