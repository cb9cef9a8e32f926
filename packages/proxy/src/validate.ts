import type { PayloadIssue } from '@async-http/client';
import type { StandardSchemaV1 } from '@standard-schema/spec';

export type Validated =
  | { readonly value: unknown; readonly issues?: undefined }
  | { readonly value?: undefined; readonly issues: readonly PayloadIssue[] };

/** What the schema makes of the value, or what it has against it. */
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
 * Said while the function starts, and not with the first request.
 *
 * @throws {TypeError}
 */
export function assertSchema(schema: StandardSchemaV1 | undefined, option: string): void {
  if (schema === undefined || typeof schema['~standard']?.validate === 'function') return;
  throw new TypeError(
    `The ${option} option of createProxy is not a Standard Schema. Pass one of zod 3.24+, valibot 1+, arktype 2+ or another library of https://standardschema.dev.`,
  );
}
