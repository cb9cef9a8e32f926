import { describe, expect, it } from 'vitest';
import { parseBody } from '../src/parse-body.ts';

const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('the body of an HTTP event', () => {
  it('is parsed as JSON', () => {
    expect(parseBody({ body: '{"sku":"é"}', isBase64Encoded: false })).toEqual({ sku: 'é' });
  });

  it('is decoded first where the API has encoded it', () => {
    expect(parseBody({ body: base64('{"sku":"é"}'), isBase64Encoded: true })).toEqual({ sku: 'é' });
  });

  it.each([
    ['format 2.0 and function URLs leave it out', {}],
    ['format 1.0 sets it to null', { body: null }],
    ['load balancers send an empty text', { body: '' }],
  ])('is undefined when there is none: %s', (_, event) => {
    expect(parseBody({ ...event, isBase64Encoded: false })).toBeUndefined();
  });

  it('stays what it is when middleware has parsed it', () => {
    expect(parseBody({ body: { sku: 'a' } as never })).toEqual({ sku: 'a' });
  });

  it.each([['sku=a'], [base64('{}')]])('must be JSON: %s', (body) => {
    expect(() => parseBody({ body, isBase64Encoded: false })).toThrow(SyntaxError);
  });
});
