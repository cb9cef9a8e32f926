// The least that an extension has to do: register, with node:http. CommonJS, because loading an ES
// module takes Node.js several milliseconds more.
const { request } = require('node:http');

const registration = request(
  `http://${process.env.AWS_LAMBDA_RUNTIME_API}/2020-01-01/extension/register`,
  { method: 'POST', agent: false, headers: { 'Lambda-Extension-Name': 'http-extension' } },
);
registration.end('{"events":["INVOKE","SHUTDOWN"]}');
