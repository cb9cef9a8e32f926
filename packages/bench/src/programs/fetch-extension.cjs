// The least that an extension has to do: register, with the built-in fetch.
fetch(`http://${process.env.AWS_LAMBDA_RUNTIME_API}/2020-01-01/extension/register`, {
  method: 'POST',
  headers: { 'Lambda-Extension-Name': 'fetch-extension' },
  body: '{"events":["INVOKE","SHUTDOWN"]}',
});
