import { describe, expect, it } from 'vitest';
import { passesFilters } from '../../src/local-aws/message-filter.ts';

const record = (body: string) => ({
  messageId: 'm1',
  body,
  messageAttributes: { kind: { stringValue: 'report', dataType: 'String' } },
});

/** Whether a message with this body, an object or text, passes a filter of its body. */
const passes = (pattern: unknown, body: unknown) =>
  passesFilters(record(typeof body === 'string' ? body : JSON.stringify(body)), [
    { body: pattern },
  ]);

describe('Lambda, "Filter rule syntax": a rule for a field', () => {
  it.each([
    ['Equals', { a: ['x'] }, { a: 'x' }, { a: 'y' }],
    ['Null', { a: [null] }, { a: null }, { a: 'null' }],
    ['Empty', { a: [''] }, { a: '' }, { a: 'x' }],
    ['Or', { a: ['x', 'y'] }, { a: 'y' }, { a: 'z' }],
    ['And', { a: ['x'], b: ['y'] }, { a: 'x', b: 'y' }, { a: 'x', b: 'z' }],
    ['Or (multiple fields)', { $or: [{ a: ['x'] }, { b: ['y'] }] }, { b: 'y' }, { a: 'z' }],
    ['Equals (ignore case)', { a: [{ 'equals-ignore-case': 'x' }] }, { a: 'X' }, { a: 'Y' }],
    ['Not', { a: [{ 'anything-but': ['x', 'y'] }] }, { a: 'z' }, { a: 'y' }],
    ['Not, of a beginning', { a: [{ 'anything-but': { prefix: 'x' } }] }, { a: 'y' }, { a: 'xy' }],
    ['Numeric (equals)', { a: [{ numeric: ['=', 100] }] }, { a: 100 }, { a: '100' }],
    ['Numeric (range)', { a: [{ numeric: ['>', 10, '<=', 20] }] }, { a: 20 }, { a: 10 }],
    ['Exists', { a: [{ exists: true }] }, { a: 0 }, { b: 0 }],
    ['Does not exist', { a: [{ exists: false }] }, { b: 0 }, { a: 0 }],
    ['Begins with', { a: [{ prefix: 'us-' }] }, { a: 'us-east-1' }, { a: 'eu-us-' }],
    ['Ends with', { a: [{ suffix: '.png' }] }, { a: 'x.png' }, { a: 'x.jpg' }],
    ['of a nested field', { a: { b: ['x'] } }, { a: { b: 'x' } }, { a: 'x' }],
    ['of an item in a list', { a: ['x'] }, { a: ['y', 'x'] }, { a: ['y'] }],
    ['Exists, which a map does not', { a: [{ exists: true }] }, { a: 1 }, { a: {} }],
  ])('%s', (_, pattern, passing, other) => {
    expect([passes(pattern, passing), passes(pattern, other)]).toEqual([true, false]);
  });
});

describe('Lambda, "Filtering for SQS": body and pattern', () => {
  it.each([
    ['text, a pattern for text', ['hello'], 'hello', true],
    ['other text, a pattern for text', ['hello'], 'bye', false],
    ['text, a pattern for fields', { a: [{ exists: false }] }, 'hello', false],
    ['JSON, a pattern for text', ['{"a":1}'], '{"a":1}', false],
    ['JSON, a pattern for fields', { a: [1] }, '{"a":1}', true],
  ])('%s', (_, pattern, body, passing) => {
    expect(passes(pattern, body)).toBe(passing);
  });

  it('a pattern without body looks at the rest of the message', () => {
    const filter = { messageAttributes: { kind: { stringValue: ['report'] } } };
    expect(passesFilters(record('text'), [filter])).toBe(true);
    expect(passesFilters(record('text'), [{ messageId: ['m2'] }])).toBe(false);
  });

  it('one of several filters is enough', () => {
    expect(passesFilters(record('hello'), [{ body: ['bye'] }, { body: ['hello'] }])).toBe(true);
    expect(passesFilters(record('hello'))).toBe(true);
  });
});
