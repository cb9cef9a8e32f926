import type { Lambda } from '../../lambda-types.ts';
import type { IntegrationResult } from '../exchange.ts';
import { type IntegrateOptions, integrate } from '../integrate.ts';
import { AnswerStream, type StreamWording } from './answer-stream.ts';

export interface IntegrateStreamOptions extends IntegrateOptions {
  readonly wording: StreamWording;
}

/**
 * Invokes a function and answers as soon as its response begins; the rest follows as it comes. When the
 * function fails behind the first byte, the client's connection is cut off. Never rejects.
 */
export async function integrateStream(
  lambda: Lambda,
  { wording, ...options }: IntegrateStreamOptions,
): Promise<IntegrationResult> {
  const stream = new AnswerStream(wording);
  const whole = integrate(lambda, {
    ...options,
    onChunk: (chunk, contentType) => stream.add(chunk, contentType),
    wording: { ...wording, read: (payload, contentType) => stream.read(payload, contentType) },
  });
  const answer = await Promise.race([stream.begun, whole.then(() => undefined)]);
  if (!answer) return whole;
  return answer.rest ? { answer, end: whole.then((result) => stream.end(result)) } : { answer };
}
