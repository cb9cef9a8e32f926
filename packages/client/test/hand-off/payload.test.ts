import { lambdaContext, startListener } from '@async-http/test-support';
import type { StandardSchemaV1 } from '@standard-schema/spec';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { createClient } from '../../src/index.ts';

/** Hands off what must be refused, and returns the error, having checked that nothing was rung. */
async function refusal(
  event: unknown,
  context: unknown = lambdaContext(),
  schema?: StandardSchemaV1,
): Promise<Error & { code?: string; issues?: unknown }> {
  const listener = startListener();
  const attempt = createClient(listener.env).handOff(event, context as never, { schema });
  const error = await attempt.then(
    () => undefined,
    (reason) => reason,
  );
  expect(listener.lines()).toEqual([]);
  return error;
}

async function eventAsReceived(event: unknown, schema?: StandardSchemaV1): Promise<unknown> {
  const listener = startListener();
  await createClient(listener.env).handOff(event, lambdaContext(), { schema });
  return listener.jobs()[0]?.event;
}

describe('an event', () => {
  it.each([[null], ['text'], [0], [false], [[]], [{ nested: { list: [1, 'two', null] } }]])(
    'can be any JSON: %j',
    async (event) => {
      expect(await eventAsReceived(event)).toEqual(event);
    },
  );

  it('is written as its toJSON() says', async () => {
    expect(await eventAsReceived({ at: new Date(0) })).toEqual({ at: '1970-01-01T00:00:00.000Z' });
  });

  it('must not be undefined', async () => {
    const error = await refusal(undefined);

    expect(error).toMatchObject({
      name: 'PayloadInvalidError',
      code: 'ASYNC_HTTP_PAYLOAD_INVALID',
      subject: 'event',
    });
    expect(error.message).toMatchInlineSnapshot(`
      "The event cannot be handed off, so no job was started. Correct it:
      - event: is undefined, which JSON cannot hold; pass null for "no data""
    `);
  });

  it('must not be a function, a symbol, or an object that becomes nothing', async () => {
    const messages = [
      await refusal(() => {}),
      await refusal(Symbol('s')),
      await refusal({ toJSON: () => undefined }),
    ].map(({ message }) => message);

    expect(messages.join('\n\n')).toMatchInlineSnapshot(`
      "The event cannot be handed off, so no job was started. Correct it:
      - event: is a function, which JSON cannot hold; pass null for "no data"

      The event cannot be handed off, so no job was started. Correct it:
      - event: is a symbol, which JSON cannot hold; pass null for "no data"

      The event cannot be handed off, so no job was started. Correct it:
      - event: has a toJSON() that returns nothing, which JSON cannot hold; pass null for "no data""
    `);
  });

  it('must not hold a BigInt, and the error says where it is', async () => {
    const error = await refusal({ order: { items: [{ 'unit price': 5 }, { 'unit price': 7n }] } });

    expect(error.message).toMatchInlineSnapshot(`
      "The event cannot be handed off, so no job was started. Correct it:
      - event.order.items[1]['unit price']: is a BigInt, which JSON cannot hold; convert it to a string"
    `);
    expect(error.issues).toMatchObject([{ path: ['order', 'items', 1, 'unit price'] }]);
    expect(error.cause).toBeInstanceOf(TypeError);
  });

  it('must not hold a cycle, and the error says where it closes', async () => {
    const order: Record<string, unknown> = { customer: {} };
    order.customer = { orders: [order] };

    expect((await refusal({ order })).message).toMatchInlineSnapshot(`
      "The event cannot be handed off, so no job was started. Correct it:
      - event.order.customer.orders[0]: is event.order again, and JSON cannot hold a cycle"
    `);
  });

  it('may hold one object twice', async () => {
    const address = { city: 'Graz' };
    const event = { from: address, to: address };

    expect(await eventAsReceived(event)).toEqual(event);
  });

  it('must not throw while it is read', async () => {
    const messages = [
      await refusal({
        get total() {
          throw new Error('not loaded');
        },
      }),
      await refusal({
        item: {
          toJSON() {
            throw new Error('detached');
          },
        },
      }),
    ].map(({ message }) => message);

    expect(messages.join('\n\n')).toMatchInlineSnapshot(`
      "The event cannot be handed off, so no job was started. Correct it:
      - event.total: has a getter that throws: not loaded

      The event cannot be handed off, so no job was started. Correct it:
      - event.item: has a toJSON() that throws: detached"
    `);
  });

  it('must not be nested too deeply for JSON', async () => {
    const event: Record<string, unknown> = {};
    let innermost = event;
    for (let depth = 0; depth < 100_000; depth += 1) {
      const next = {};
      innermost.next = next;
      innermost = next;
    }

    expect((await refusal(event)).message).toMatchInlineSnapshot(`
      "The event cannot be handed off, so no job was started. Correct it:
      - event: cannot be written as JSON: Maximum call stack size exceeded"
    `);
  });

  it('must not be larger than any event of Lambda', async () => {
    const error = await refusal('x'.repeat(16 * 1024 * 1024));

    expect(error.code).toBe('ASYNC_HTTP_PAYLOAD_TOO_LARGE');
    expect(error.message).toMatchInlineSnapshot(
      `"The event and its context make 16777511 bytes of JSON, and at most 16777216 are taken, so no job was started. Put the data into S3 and hand over its key."`,
    );
  });
});

describe('a schema', () => {
  const Order = z.object({ id: z.coerce.number(), note: z.string().default('none') });

  it('makes the event that the background handler gets', async () => {
    expect(await eventAsReceived({ id: '7' }, Order)).toEqual({ id: 7, note: 'none' });
  });

  it('may answer later', async () => {
    const Known = Order.refine(async ({ id }) => id === 7, 'is not known');

    expect(await eventAsReceived({ id: 7 }, Known)).toEqual({ id: 7, note: 'none' });
    expect((await refusal({ id: 8 }, lambdaContext(), Known)).message).toMatchInlineSnapshot(`
      "The event cannot be handed off, so no job was started. Correct it:
      - event: is not known"
    `);
  });

  it('refuses an event with all its issues', async () => {
    const Line = z.object({ items: z.array(Order), currency: z.enum(['EUR', 'USD']) });

    const error = await refusal({ items: [{ id: 1 }, { id: 'x' }] }, lambdaContext(), Line);

    expect(error).toMatchObject({ code: 'ASYNC_HTTP_PAYLOAD_INVALID', subject: 'event' });
    expect(error.message).toMatchInlineSnapshot(`
      "The event cannot be handed off, so no job was started. Correct it:
      - event.items[1].id: Invalid input: expected number, received NaN
      - event.currency: Invalid option: expected one of "EUR"|"USD""
    `);
    expect(error.issues).toMatchInlineSnapshot(`
      [
        {
          "message": "Invalid input: expected number, received NaN",
          "path": [
            "items",
            1,
            "id",
          ],
        },
        {
          "message": "Invalid option: expected one of "EUR"|"USD"",
          "path": [
            "currency",
          ],
        },
      ]
    `);
  });

  it('can come from any library: path segments may be objects', async () => {
    const schema: StandardSchemaV1 = {
      '~standard': {
        version: 1,
        vendor: 'test',
        validate: () => ({ issues: [{ message: 'is wrong', path: [{ key: 'a' }, { key: 0 }] }] }),
      },
    };

    expect((await refusal({}, lambdaContext(), schema)).issues).toEqual([
      { message: 'is wrong', path: ['a', 0] },
    ]);
  });

  it('must be a Standard Schema', async () => {
    const error = await refusal({}, lambdaContext(), { parse: () => ({}) } as never);

    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toMatchInlineSnapshot(
      `"The schema option is not a Standard Schema. Pass one of zod 3.24+, valibot 1+, arktype 2+ or another library of https://standardschema.dev."`,
    );
  });
});

describe('a context', () => {
  it('is refused when it is not the one of Lambda, with each field that is wrong', async () => {
    const error = await refusal({}, { awsRequestId: '', functionName: 7 });

    expect(error).toMatchObject({ code: 'ASYNC_HTTP_PAYLOAD_INVALID', subject: 'context' });
    expect(error.message).toMatchInlineSnapshot(`
      "The context cannot be handed off, so no job was started. Correct it:
      - context.awsRequestId: must be printable ASCII without spaces, and not empty
      - context.functionName: must be a string, and not empty
      - context.invokedFunctionArn: must be a string, and not empty
      - context.getRemainingTimeInMillis: must be a function"
    `);
    expect(error.issues).toContainEqual({
      path: ['functionName'],
      message: 'must be a string, and not empty',
    });
  });

  it.each([[undefined], [null], ['request-1'], [[]]])('cannot be %j', async (context) => {
    const attempt = createClient(startListener().env).handOff({}, context as never);
    await expect(attempt).rejects.toThrowErrorMatchingInlineSnapshot(`
      [PayloadInvalidError: The context cannot be handed off, so no job was started. Correct it:
      - context: must be the context that Lambda passes to the handler]
    `);
  });

  it('must know how much time is left', async () => {
    const context = lambdaContext({ getRemainingTimeInMillis: () => undefined });

    expect((await refusal({}, context)).message).toMatchInlineSnapshot(`
      "The context cannot be handed off, so no job was started. Correct it:
      - context.getRemainingTimeInMillis: must return milliseconds, but returned undefined"
    `);
  });

  it('may be an object with inherited and unknown fields; only what Lambda defines is passed on', async () => {
    const listener = startListener();
    class RuntimeContext {
      awsRequestId = 'request-1';
      functionName = 'checkout';
      invokedFunctionArn = 'arn:aws:lambda:eu-west-1:123456789012:function:checkout';
      tenantId = 'blue';
      identity = { cognitoIdentityId: 'id', cognitoIdentityPoolId: 'pool' };
      callbackWaitsForEmptyEventLoop = true;
      databasePassword = 'secret';
      deadline = Date.now() + 5_000;
      done() {}
      getRemainingTimeInMillis() {
        return this.deadline - Date.now();
      }
    }

    await createClient(listener.env).handOff({}, new RuntimeContext());

    expect(listener.jobs()[0]?.context).toEqual({
      awsRequestId: 'request-1',
      functionName: 'checkout',
      invokedFunctionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:checkout',
      tenantId: 'blue',
      identity: { cognitoIdentityId: 'id', cognitoIdentityPoolId: 'pool' },
    });
  });

  it('must hold JSON where it is passed on', async () => {
    const context = lambdaContext({ clientContext: { custom: { count: 1n } } });

    expect((await refusal({}, context)).message).toMatchInlineSnapshot(`
      "The context cannot be handed off, so no job was started. Correct it:
      - context.clientContext.custom.count: is a BigInt, which JSON cannot hold; convert it to a string"
    `);
  });
});
