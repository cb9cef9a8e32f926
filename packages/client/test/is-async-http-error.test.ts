import { describe, expect, it } from 'vitest';
import * as client from '../src/index.ts';
import { isAsyncHttpError, type NonRetriableError, PayloadInvalidError } from '../src/index.ts';

const invalid = new PayloadInvalidError({ subject: 'event', issues: [] });

describe('isAsyncHttpError', () => {
  it('knows every error class of the package', () => {
    const classes = Object.entries(client).filter(
      ([name]) => name.endsWith('Error') && /^[A-Z]/.test(name),
    );
    const facts = { issues: [], retryAfterMs: 1, cause: { code: 'X' } };
    const unknown = classes.filter(([, ErrorClass]) => {
      const error = Reflect.construct(ErrorClass as typeof NonRetriableError, [facts, facts]);
      return !isAsyncHttpError(error);
    });

    expect(classes).toHaveLength(14);
    expect(unknown).toEqual([]);
  });

  it('says whether it has that code', () => {
    expect(isAsyncHttpError(invalid, 'ASYNC_HTTP_PAYLOAD_INVALID')).toBe(true);
    expect(isAsyncHttpError(invalid, 'ASYNC_HTTP_TOO_LATE')).toBe(false);
  });

  it('knows the errors of other copies of the package', () => {
    const foreign = Object.assign(new Error('late'), { code: 'ASYNC_HTTP_TOO_LATE' });

    expect(isAsyncHttpError(foreign, 'ASYNC_HTTP_TOO_LATE')).toBe(true);
  });

  it.each([
    [undefined],
    [null],
    ['ASYNC_HTTP_TOO_LATE'],
    [new Error('ASYNC_HTTP_TOO_LATE')],
    [Object.assign(new Error(), { code: 'ENOENT' })],
    [Object.assign(new Error(), { code: 'ASYNC_HTTP_EMULATOR_CLOSED' })],
    [{ code: 'toString' }],
    [{ code: 7 }],
  ])('is false for anything else that can be thrown: %o', (thrown) => {
    expect(isAsyncHttpError(thrown)).toBe(false);
  });
});
