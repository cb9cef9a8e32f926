import { expect, it } from 'vitest';
import { LatestReply } from '../../src/hold/latest-reply.ts';

it('is the first time at which the end of the run was heard', () => {
  const reply = new LatestReply();
  reply.heard('a', 1_000);
  reply.heard('a', 1_002);

  expect(reply.take('a', 1_500)).toBe(1_000);
});

it('is that of the run, when Lambda repeats a request with its id', () => {
  const reply = new LatestReply();
  reply.heard('a', 1_000);
  reply.take('a', 1_500);
  reply.heard('a', 9_000);

  expect(reply.take('a', 9_500)).toBe(9_000);
});

it('is not taken from a report of the run before, however late that comes', () => {
  const reply = new LatestReply();
  reply.take('a', 1_500);
  reply.heard('b', 2_000);
  reply.heard('a', 1_000);

  expect(reply.take('b', 2_500)).toBe(2_000);
});

it('is unknown when nothing was heard of the request', () => {
  const reply = new LatestReply();
  reply.heard('a', 1_000);

  expect(reply.take('b', 1_500)).toBeUndefined();
});
