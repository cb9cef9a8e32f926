import { expect, it } from 'vitest';
import { splitJobBody } from '../src/job-body.ts';

function split(text: string) {
  const parts = splitJobBody(Buffer.from(text));
  return parts && { event: parts.event.toString(), context: parts.context.toString() };
}

it.each([
  ['objects', '{"a":{"b":[1,2]}}'],
  ['arrays', '[{"event":1},[2]]'],
  ['numbers that JavaScript cannot hold', '12345678901234567890.0'],
  ['literals', 'null'],
  ['strings with quotes, brackets and backslashes', String.raw`"}]{[\"\\\",\\"`],
  ['characters of more than one byte', '"käse 🧀"'],
])('finds %s as they were sent', (_, event) => {
  expect(split(`{"event":${event},"context":{"awsRequestId":"r"}}`)).toEqual({
    event,
    context: '{"awsRequestId":"r"}',
  });
});

it('does not mind order, spaces and other members', () => {
  expect(split('{ "context" : {} ,\n"more":[{"event":0}],\t"event" : 1 }')).toEqual({
    event: '1',
    context: '{}',
  });
});

it('takes the last of two members of the same name, as JSON.parse does', () => {
  expect(split('{"event":1,"context":{},"event":2}')?.event).toBe('2');
});

it.each([
  '',
  '{',
  '[]',
  '{}',
  '{"event":1}',
  '{"event":',
  '{"event":"',
  '{"event"1}',
  '{event:1}',
  '{,',
])('finds nothing in %j', (text) => {
  expect(split(text)).toBeUndefined();
});
