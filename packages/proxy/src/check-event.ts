import { PayloadInvalidError, type PayloadIssue, validate } from '@async-http/client';
import type { StandardSchemaV1 } from '@standard-schema/spec';
import { isHttpEvent } from './http-event.ts';
import { parseBody } from './parse-body.ts';

/** Why a request is not handed off, as its caller reads it. */
export interface Refusal {
  readonly message: string;
  /** Their paths begin in the body where `body` refuses it, and in the event where `schema` does. */
  readonly issues: readonly PayloadIssue[];
}

export type Checked =
  | { readonly event: unknown; readonly refusal?: undefined }
  | { readonly event?: undefined; readonly refusal: Refusal };

/**
 * The event with the body that the schema has made of its JSON.
 *
 * @throws {PayloadInvalidError} for an event that is not of HTTP
 */
export async function checkBody(event: unknown, schema: StandardSchemaV1): Promise<Checked> {
  if (!isHttpEvent(event)) {
    const message = 'is missing: a proxy with a body schema takes HTTP events only';
    throw new PayloadInvalidError({ subject: 'event', issues: [{ path: ['body'], message }] });
  }
  let json: unknown;
  try {
    json = parseBody(event);
  } catch (error) {
    const issues = [{ path: [], message: (error as SyntaxError).message }];
    return { refusal: { message: 'The body is not JSON', issues } };
  }
  const { issues, value } = await validate(schema, json);
  if (!issues) return { event: { ...event, body: value, isBase64Encoded: false } };
  const message = json === undefined ? 'The body is missing' : 'The body is not valid';
  return { refusal: { message, issues } };
}

/**
 * What the schema makes of the event as a whole.
 *
 * @throws {PayloadInvalidError} when it refuses an event that is not of HTTP: nobody would read a response, and
 * the source of the event should count an error
 */
export async function checkEvent(event: unknown, schema: StandardSchemaV1): Promise<Checked> {
  const { issues, value } = await validate(schema, event);
  if (!issues) return { event: value };
  if (!isHttpEvent(event)) throw new PayloadInvalidError({ subject: 'event', issues });
  return { refusal: { message: 'The request is not valid', issues } };
}
