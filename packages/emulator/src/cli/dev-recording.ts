import { constants, renameSync, writeFileSync } from 'node:fs';
import { access, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { withDefaults } from '../function-config.ts';
import type { LocalAws } from '../local-aws/local-aws.ts';
import { buildPage } from '../page-file.ts';
import { type About, type PageServer, startPageServer } from '../page-server/page-server.ts';
import type { Project } from '../project/project.ts';
import { newestEntries } from '../recording/newest-entries.ts';
import { NOTHING_KEPT, Recorder } from '../recording/recorder.ts';
import type { RecordedEntry, RecordedEvent, Recording } from '../recording/recording.ts';
import { fillRecording } from '../recording/recording-page.ts';
import { redact, redactEntries, secretsIn } from '../recording/redact.ts';
import type { DevArguments } from './arguments.ts';
import { RecordFileError } from './errors.ts';
import { formatError } from './format-error.ts';
import type { ServedProject } from './served-project.ts';
import type { Context } from './terminal.ts';

type Arguments = Pick<DevArguments, 'timelinePort' | 'record'>;

/** For what is written before a second Ctrl-C ends `dev`; with all that can be kept, it would take some 4 s. */
const LEAVE_MS = 500;

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
  /** Of a recording, without its content. */
  readonly #template: string;
  #isWritten = false;

  private constructor(recorder: Recorder, template: string, args: Arguments, context: Context) {
    this.recorder = recorder;
    this.#template = template;
    this.#args = args;
    this.#context = context;
    context.onLeave(() => this.#leave());
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
    const template = record?.format === 'html' ? await buildPage() : '';
    return new DevRecording(recorder, template, args, context);
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
    await writeFile(file, this.#textOf(recording)).catch((cause) => {
      throw new RecordFileError({ file, cause });
    });
    this.#isWritten = true;
  }

  /** Before a second Ctrl-C ends `dev`: writes what can be made ready in `LEAVE_MS`. Never throws. */
  #leave(): void {
    const { record } = this.#args;
    if (!record || !this.#run || this.#isWritten) return;
    const { cwd, terminal } = this.#context;
    const file = resolve(cwd, record.path);
    try {
      // Beside it first: the file may just be written.
      const draft = `${file}.part`;
      writeFileSync(draft, this.#textOf(this.#newest(this.#run)));
      renameSync(draft, file);
    } catch (cause) {
      terminal.err(formatError(new RecordFileError({ file, cause })));
    }
  }

  #newest(run: Run): Recording {
    const { recorder } = this;
    const secrets = secretsOf(run.served.project, this.#context);
    const entries = newestEntries(recorder, LEAVE_MS, (batch) => redactEntries(batch, secrets));
    // The entries are redacted already; the payloads are not.
    return { ...redact(recorder.recording(aboutOf(run), []), secrets), ...rangeOf(entries) };
  }

  #textOf(recording: Recording): string {
    return this.#args.record?.format === 'html'
      ? fillRecording(this.#template, recording)
      : `${JSON.stringify(recording)}\n`;
  }
}

const rangeOf = (entries: readonly RecordedEntry[]) => ({
  entries,
  forgotten: entries[0]?.seq ?? 0,
});

function aboutOf({ served, url }: Run): About {
  return { url, functions: served.project.functions.map(withDefaults) };
}

function secretsOf({ functions }: Project, { env }: Context): string[] {
  return [env, ...functions.map(({ environment }) => environment)].flatMap(secretsIn);
}
