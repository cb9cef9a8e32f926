import { describe, expect, it } from 'vitest';
import { failedMessages } from '../../src/local-aws/failed-messages.ts';

const IDS = ['a', 'b'];

function failed(answer: unknown, more: { statusCode?: number; functionError?: 'Unhandled' } = {}) {
  const result = {
    requestId: '1',
    environmentId: '1',
    statusCode: 200,
    payload: Buffer.from(typeof answer === 'string' ? answer : JSON.stringify(answer)),
    contentType: 'application/json',
    ...more,
  };
  return [...failedMessages(IDS, result, true).failed];
}

// Lambda, "Implementing partial batch responses": "Success and failure conditions".
describe('with ReportBatchItemFailures', () => {
  it.each([
    ['an empty batchItemFailures list', { batchItemFailures: [] }],
    ['a null batchItemFailures list', { batchItemFailures: null }],
    ['an empty response', {}],
    ['a null response', null],
    ['no payload', ''],
  ])('%s is a success', (_, answer) => {
    expect(failed(answer)).toEqual([]);
  });

  it.each([
    ['an invalid JSON response', '{'],
    ['an empty itemIdentifier', { batchItemFailures: [{ itemIdentifier: '' }] }],
    ['a null itemIdentifier', { batchItemFailures: [{ itemIdentifier: null }] }],
    ['an itemIdentifier with a bad key name', { batchItemFailures: [{ id: 'a' }] }],
    ['a message that is not in the batch', { batchItemFailures: [{ itemIdentifier: 'c' }] }],
  ])('%s is a failure of the whole batch', (_, answer) => {
    expect(failed(answer)).toEqual(IDS);
  });

  it('the messages that are named have failed', () => {
    expect(failed({ batchItemFailures: [{ itemIdentifier: 'b' }] })).toEqual(['b']);
  });

  it('an error of the function is a failure of the whole batch', () => {
    expect(failed({ errorMessage: 'no' }, { functionError: 'Unhandled' })).toEqual(IDS);
  });

  it('a throttled invoke is a failure of the whole batch', () => {
    expect(failed({}, { statusCode: 429 })).toEqual(IDS);
  });
});

it('without it, what the function answers does not matter', () => {
  const result = {
    requestId: '1',
    environmentId: '1',
    statusCode: 200,
    payload: Buffer.from('{"batchItemFailures":[{"itemIdentifier":"a"}]}'),
    contentType: 'application/json',
  };

  expect(failedMessages(IDS, result, false).failed.size).toBe(0);
});
