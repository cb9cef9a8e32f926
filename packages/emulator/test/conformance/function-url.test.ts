import { describe, expect, it } from 'vitest';
import { startApi } from '../http/start-api.ts';
import { type CallOptions, call } from '../support/call.ts';

/** Sends a request to a function URL of a running server. */
async function send(handler: string, options: CallOptions = {}, host = handler) {
  const { port } = await startApi({ routes: { 'POST /': handler } });
  return call(`127.0.0.1:${port}`, 'POST', '/', {
    ...options,
    headers: { ...options.headers, host: `${host}.lambda-url.localhost:${port}` },
  });
}

const returned = async (body: unknown) => {
  const headers = { 'content-type': 'application/json' };
  const { status, headers: got, text } = await send('returns', { headers, body });
  return { status, type: got['content-type'], text };
};

describe('Function URL: localstack@8b9a79f, test_lambda_url_invocation, recorded 2025-11-24', () => {
  it.each([
    ['string', '"hello"', 'hello'],
    ['dict', '{"hello":"world"}', '{"hello":"world"}'],
    ['list-mixed', '["hello",3,true]', '["hello",3,true]'],
    ['integer', '3', '3'],
    ['float', '3.1', '3.1'],
    ['boolean', 'true', 'true'],
    ['http-response', '{"statusCode":200,"body":"body123"}', 'body123'],
  ])('[%s]: application/json', async (_, body, text) => {
    expect(await returned(body)).toEqual({ status: 200, type: 'application/json', text });
  });
});

describe('Function URL: localstack@8b9a79f, validated against AWS', () => {
  it('test_lambda_url_invocation_exception: 502, and a text', async () => {
    expect(await send('fails')).toMatchObject({ status: 502, text: 'Internal Server Error' });
  });

  it('test_lambda_url_non_existing_url: 403', async () => {
    expect(await send('echo', {}, 'nobody')).toMatchObject({
      status: 403,
      text: '{"Message":null}',
      headers: {
        'content-type': 'application/json',
        'x-amzn-errortype': 'AccessDeniedException',
      },
    });
  });

  it('test_lambda_url_form_payload: multipart/form-data arrives as base64', async () => {
    const { json } = await send('echo', {
      headers: { 'content-type': 'multipart/form-data; boundary=x' },
      body: '--x--',
    });
    expect(json).toMatchObject({
      body: Buffer.from('--x--').toString('base64'),
      isBase64Encoded: true,
    });
  });
});
