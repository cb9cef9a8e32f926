import * as z from 'zod/mini';
import {
  DeliveryFailedError,
  HandlerUnavailableError,
  JournalUnwritableError,
  PayloadTooLargeError,
  ShuttingDownError,
  UnexpectedAnswerError,
  VersionMismatchError,
} from './errors.ts';
import type { Answer } from './post.ts';
import { type Accepted, PROTOCOL_VERSION, type RefusalCode, type RunResult } from './protocol.ts';

const AcceptedBody = z.object({ jobId: z.string().check(z.minLength(1)) });
const RunResultBody = z.discriminatedUnion('status', [
  z.object({ status: z.literal('succeeded'), result: z.unknown() }),
  z.object({
    status: z.literal('failed'),
    errorType: z.string(),
    errorMessage: z.string(),
    stackTrace: z.array(z.string()),
    retryAfterMs: z.optional(z.number()),
    retriable: z.boolean(),
    isRecorded: z.boolean(),
  }),
]);
const RefusalBody = z.object({ code: z.string(), message: z.string() });

/**
 * Turns the answer to a hand-off into its result: 202 is the only yes.
 *
 * @throws the error class that belongs to the refusal's code.
 */
export function readAnswer(answer: Answer): Accepted {
  return read(answer, 202, AcceptedBody);
}

/**
 * The same for a run, where 200 says that the attempt has ended, well or not.
 *
 * @throws the error class that belongs to the refusal's code.
 */
export function readRunResult(answer: Answer): RunResult {
  return read(answer, 200, RunResultBody);
}

function read<T>({ status, version, body }: Answer, yes: number, schema: z.ZodMiniType<T>): T {
  if (version !== PROTOCOL_VERSION) {
    throw new VersionMismatchError({ client: PROTOCOL_VERSION, extension: version });
  }
  const json = parseJson(body);
  if (status === yes) {
    const expected = schema.safeParse(json);
    if (expected.success) return expected.data;
  } else {
    const refusal = RefusalBody.safeParse(json);
    const error = refusal.success && refusalError(refusal.data);
    if (error) throw error;
  }
  throw new UnexpectedAnswerError({ status, body });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // Fits no schema.
  }
}

function refusalError({ code, message }: z.infer<typeof RefusalBody>): Error | undefined {
  switch (code as RefusalCode) {
    case 'ASYNC_HTTP_HANDLER_UNAVAILABLE':
      return new HandlerUnavailableError(message);
    case 'ASYNC_HTTP_SHUTTING_DOWN':
      return new ShuttingDownError(message);
    case 'ASYNC_HTTP_PAYLOAD_TOO_LARGE':
      return new PayloadTooLargeError(message);
    case 'ASYNC_HTTP_JOURNAL_UNWRITABLE':
      return new JournalUnwritableError(message);
    case 'ASYNC_HTTP_DELIVERY_FAILED':
      return new DeliveryFailedError(message);
    default:
      return undefined;
  }
}
