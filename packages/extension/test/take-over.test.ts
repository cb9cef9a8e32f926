import { expect, it } from 'vitest';
import { takeOver } from '../src/take-over.ts';

it('takes what the launcher knows, and leaves none of its variables to what is started later', () => {
  const env = {
    ASYNC_HANDLER: 'work.handler',
    _ASYNC_HTTP_NODE_OPTIONS: '--enable-source-maps',
    _ASYNC_HTTP_LAUNCHER: '',
    _ASYNC_HTTP_IDENTIFIER: 'id',
    _ASYNC_HTTP_HANDLER: 'index.handler',
    _ASYNC_HTTP_EVENT: '{"eventType":"INVOKE","requestId":"r1","deadlineMs":7}',
    _ASYNC_HTTP_BELL: '9',
    _ASYNC_HTTP_RUNG: 'A 2 7.0 sees-ends\nE r1',
    _ASYNC_HTTP_OWES: 'r0\nr0',
  };

  expect(takeOver(env)).toEqual({
    registration: { identifier: 'id', handler: 'index.handler' },
    event: { eventType: 'INVOKE', requestId: 'r1', deadlineMs: 7 },
    bellFd: 9,
    lines: ['A 2 7.0 sees-ends', 'E r1'],
    owed: ['r0', 'r0'],
  });
  expect(env).toEqual({
    ASYNC_HANDLER: 'work.handler',
    _ASYNC_HTTP_NODE_OPTIONS: '--enable-source-maps',
  });
});

it('knows nothing where Node.js runs from the start', () => {
  expect(takeOver({})).toEqual({
    registration: undefined,
    event: undefined,
    bellFd: undefined,
    lines: [],
    owed: [],
  });
});
