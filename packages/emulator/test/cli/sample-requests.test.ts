import { expect, it } from 'vitest';
import { sampleRequest } from '../../src/cli/sample-requests.ts';

const request = (method: string, path: string, stage = '$default') =>
  sampleRequest({ method, path }, stage);

it('a sample request fits its route', () => {
  expect(request('GET', '/orders/{id}/{proxy+}')).toEqual({
    method: 'GET',
    path: '/orders/example/example',
  });
  expect(request('POST', '/orders')).toEqual({
    method: 'POST',
    path: '/orders',
    body: '{"hello":"world"}',
  });
  expect(request('ANY', '/orders', 'v1')).toEqual({ method: 'GET', path: '/v1/orders' });
  expect(request('ANY', '$default')).toEqual({ method: 'GET', path: '/' });
});
