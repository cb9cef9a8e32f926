const STREAMING = Symbol.for('aws.lambda.runtime.handler.streaming');
const HIGH_WATER_MARK = Symbol.for('aws.lambda.runtime.handler.streaming.highWaterMark');

interface ResponseStream {
  setContentType(type: string): void;
  _onBeforeFirstWrite?: (write: (chunk: string | Uint8Array) => void) => void;
}

/**
 * Defines `globalThis.awslambda`, which files that hold a streaming handler use while they load; the
 * background handler may live in the same file.
 */
export function defineAwslambda(env: NodeJS.ProcessEnv): void {
  if (['1', 'true'].includes(env.AWS_LAMBDA_NODEJS_NO_GLOBAL_AWSLAMBDA ?? '')) return;
  const globals = globalThis as { awslambda?: object };
  globals.awslambda = { ...globals.awslambda, streamifyResponse, HttpResponseStream };
}

function streamifyResponse<Handler extends object>(
  handler: Handler,
  options?: { highWaterMark?: number },
): Handler {
  const marks = handler as Record<symbol, unknown>;
  marks[STREAMING] = 'response';
  if (typeof options?.highWaterMark === 'number') {
    marks[HIGH_WATER_MARK] = Math.trunc(options.highWaterMark);
  }
  return handler;
}

const HttpResponseStream = {
  /** Puts status and headers before the body, behind 8 zero bytes, as Lambda's front ends expect it. */
  from<Stream extends ResponseStream>(stream: Stream, prelude: unknown): Stream {
    stream.setContentType('application/vnd.awslambda.http-integration-response');
    stream._onBeforeFirstWrite = (write) => {
      write(JSON.stringify(prelude));
      write(new Uint8Array(8));
    };
    return stream;
  },
};
