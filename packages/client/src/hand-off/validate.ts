import type { StandardSchemaV1 } from '@standard-schema/spec';
import type { PayloadIssue } from '../errors.ts';

export type Validated =
  | { readonly value: unknown; readonly issues?: undefined }
  | { readonly value?: undefined; readonly issues: readonly PayloadIssue[] };

/** The output of a schema (defaults filled in, values transformed), or why it refuses the value. */
export async function validate(schema: StandardSchemaV1, value: unknown): Promise<Validated> {
  const result = await schema['~standard'].validate(value);
  if (!result.issues) return { value: result.value };
  return {
    issues: result.issues.map(({ path = [], message }) => ({
      path: path.map((segment) => (typeof segment === 'object' ? segment.key : segment)),
      message,
    })),
  };
}

/**
 * @param option how the user knows it, e.g. `schema option`
 * @throws {TypeError}
 */
export function assertSchema(schema: StandardSchemaV1, option: string): void {
  if (typeof schema['~standard']?.validate === 'function') return;
  throw new TypeError(
    `The ${option} is not a Standard Schema. Pass one of zod 3.24+, valibot 1+, arktype 2+ or another library of https://standardschema.dev.`,
  );
}
