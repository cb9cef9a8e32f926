import type { StandardSchemaV1 } from '@standard-schema/spec';
import { PayloadInvalidError } from '../errors.ts';
import { assertSchema, validate } from './validate.ts';

/**
 * Validates the event and returns what the schema makes of it (defaults filled in, values transformed).
 *
 * @throws {PayloadInvalidError} with the schema's issues.
 * @throws {TypeError} when `schema` is not a Standard Schema.
 */
export async function applySchema(schema: StandardSchemaV1, event: unknown): Promise<unknown> {
  assertSchema(schema, 'schema option');
  const { issues, value } = await validate(schema, event);
  if (issues) throw new PayloadInvalidError({ subject: 'event', issues });
  return value;
}
