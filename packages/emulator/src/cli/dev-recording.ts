import { constants } from 'node:fs';
import { access, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { withDefaults } from '../function-config.ts';
import type { LocalAws } from '../local-aws/local-aws.ts';
import { type About, type PageServer, startPageServer } from '../page-server/page-server.ts';
import type { Project } from '../project/project.ts';
import { NOTHING_KEPT, Recorder } from '../recording/recorder.ts';
import type { RecordedEvent } from '../recording/recording.ts';
import { recordingPage } from '../recording/recording-page.ts';
import { redact, secretsIn } from '../recording/redact.ts';
import type { DevArguments } from './arguments.ts';
import { RecordFileError } from './errors.ts';
import type { ServedProject } from './served-project.ts';
import type { Context } from './terminal.ts';

type Arguments = Pick<DevArguments, 'timelinePort' | 'record'>;

/** What runs, once it does. */
interface Run {
  readonly served: ServedProject;
  readonly localAws: LocalAws | undefined;
  /** Of the project's APIs. */
  readonly url: string;
}

/** What `dev` keeps of a run: for its page while it goes on, and for a file at its end. */
export class DevRecording {
  readonly recorder: Recorder;
  readonly #args: Arguments;
  readonly #context: Context;
  #run: Run | undefined;
  #page: PageServer | undefined;

  private constructor(recorder: Recorder, args: Arguments, context: Context) {
    this.recorder = recorder;
    this.#args = args;
    this.#context = context;
  }

  /** @throws code `ASYNC_HTTP_EMULATOR_RECORD_FILE`. */
  static async start(
    args: Arguments,
    context: Context,
    onEvent: (event: RecordedEvent) => void,
  ): Promise<DevRecording> {
    const { record, timelinePort } = args;
    if (record) {
      const file = resolve(context.cwd, record.path);
      await access(dirname(file), constants.W_OK).catch((cause) => {
        throw new RecordFileError({ file, cause });
      });
    }
    const isKept = record !== undefined || timelinePort !== undefined;
    const recorder = new Recorder({ onEvent, ...(!isKept && { limits: NOTHING_KEPT }) });
    return new DevRecording(recorder, args, context);
  }

  /**
   * @returns the address of the page, if there is one
   * @throws code `ASYNC_HTTP_EMULATOR_PORT_UNAVAILABLE`.
   */
  async serve(run: Run): Promise<string | undefined> {
    this.#run = run;
    const { timelinePort: port } = this.#args;
    if (port === undefined) return undefined;
    this.#page = await startPageServer({
      port,
      recorder: this.recorder,
      functions: () => run.served.functions,
      localAws: run.localAws,
      about: () => aboutOf(run),
      secrets: () => secretsOf(run.served.project, this.#context),
    });
    return this.#page.url;
  }

  /**
   * Ends the page, and writes the file.
   *
   * @throws code `ASYNC_HTTP_EMULATOR_RECORD_FILE`.
   */
  async close(): Promise<void> {
    await this.#page?.close();
    const { record } = this.#args;
    if (!record || !this.#run) return;
    const file = resolve(this.#context.cwd, record.path);
    const recording = redact(
      this.recorder.recording(aboutOf(this.#run)),
      secretsOf(this.#run.served.project, this.#context),
    );
    const text =
      record.format === 'html' ? await recordingPage(recording) : `${JSON.stringify(recording)}\n`;
    await writeFile(file, text).catch((cause) => {
      throw new RecordFileError({ file, cause });
    });
  }
}

function aboutOf({ served, url }: Run): About {
  return { url, functions: served.project.functions.map(withDefaults) };
}

function secretsOf({ functions }: Project, { env }: Context): string[] {
  return [env, ...functions.map(({ environment }) => environment)].flatMap(secretsIn);
}
