import { resolve } from 'node:path';
import { Bundler } from './bundle/bundler.ts';
import { withDefaults } from './function-config.ts';
import type { LocalLambda, OnPayload } from './lambda/local-lambda.ts';
import { startLocalLambda } from './lambda/start-local-lambda.ts';
import type { Lambda, LambdaOptions } from './lambda-types.ts';
import { Recorder } from './recording/recorder.ts';
import type { Recording } from './recording/recording.ts';
import { recordingPage } from './recording/recording-page.ts';
import { redact, secretsIn } from './recording/redact.ts';
import { DEFAULT_RUNTIME } from './runtimes.ts';

/** How a recording is handed out. */
export interface RecordingOptions {
  /** `html`: one file that shows everything, in any browser and offline. Default: the data. */
  readonly format?: 'html';
  /**
   * Leave out what looks secret: values of variables of the function with names such as `DB_PASSWORD`, and what
   * stands in headers, cookies, fields and URLs under such names. Default true.
   */
  readonly isRedacted?: boolean;
}

/** A function that keeps what happens to it. */
export interface RecordedLambda extends Lambda {
  /**
   * Everything so far, as one HTML file to look at or to attach to an issue: events, log lines, jobs, and what the
   * function received and answered. Bounded: the oldest goes first, and a payload is cut off after 256 kB. Works after
   * `close()` too.
   */
  recording(options: RecordingOptions & { readonly format: 'html' }): Promise<string>;
  /** The same as data. */
  recording(options?: RecordingOptions): Promise<Recording>;
}

/**
 * Makes a function invocable on this machine. Environments start with the first invoke.
 *
 * @throws codes `ASYNC_HTTP_EMULATOR_OPTION_INVALID`, `ASYNC_HTTP_EMULATOR_CODE_MISSING`, `…_LAYER_UNUSABLE`,
 * `…_NODE_UNUSABLE`, `…_NODE_TOO_OLD`, `…_NAMESPACE_REFUSED`, `…_CPU_LIMIT_REFUSED`, `…_BUNDLE_FAILED`; then nothing
 * has been started.
 */
export async function startLambda(options: LambdaOptions): Promise<RecordedLambda> {
  const described = withDefaults(options);
  const recorder = new Recorder();
  const onEvent: LambdaOptions['onEvent'] = (event) => {
    recorder.add({ ...event, functionName: described.name });
    options.onEvent?.(event);
  };
  const lambda = await startBundled({ ...options, onEvent }, (...payload) =>
    recorder.addPayload(...payload),
  );
  const secrets = secretsIn({ ...process.env, ...options.environment });
  const recording = async ({ format, isRedacted = true }: RecordingOptions = {}) => {
    const all = recorder.recording({ functions: [described] });
    const shown = isRedacted ? redact(all, secrets) : all;
    return format === 'html' ? recordingPage(shown) : shown;
  };
  return Object.assign(lambda, { recording: recording as RecordedLambda['recording'] });
}

async function startBundled(options: LambdaOptions, onPayload: OnPayload): Promise<LocalLambda> {
  const { code, runtime = DEFAULT_RUNTIME, layers = [], bundle } = options;
  if (!bundle) return startLocalLambda(options, { onPayload });
  const bundler = new Bundler((warning) => process.emitWarning(warning));
  try {
    return await startLocalLambda(options, {
      build: bundler.bundle({ code: resolve(code), runtime, layers, bundle }),
      onPayload,
    });
  } finally {
    await bundler.close();
  }
}
