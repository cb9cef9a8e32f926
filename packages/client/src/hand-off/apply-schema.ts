import type { StandardSchemaV1 } from '@standard-schema/spec';
import { PayloadInvalidError } from '../errors.ts';

/**
 * Validates the event and returns what the schema makes of it (defaults filled in, values transformed).
 *
 * @throws {PayloadInvalidError} with the schema's issues.
 * @throws {TypeError} when `schema` is not a Standard Schema.
 */
export async function applySchema(schema: StandardSchemaV1, event: unknown): Promise<unknown> {
  const validate = schema['~standard']?.validate;
  if (typeof validate !== 'function') {
    throw new TypeError(
      'The schema option is not a Standard Schema. Pass one of zod 3.24+, valibot 1+, arktype 2+ or another library of https://standardschema.dev.',
    );
  }
  const result = await validate(event);
  if (result.issues === undefined) return result.value;

  const issues = result.issues.map(({ message, path = [] }) => ({
    message,
    path: path.map((segment) => (typeof segment === 'object' ? segment.key : segment)),
  }));
  throw new PayloadInvalidError({ subject: 'event', issues });
}
