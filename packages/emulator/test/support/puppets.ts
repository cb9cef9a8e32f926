import { chmod, copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { LambdaOptions } from '../../src/index.ts';
import { type CallResult, call } from './call.ts';
import { fixture, start, type TestLambda } from './start.ts';

const RUNTIME = 'puppet-runtime';

/** A process of the environment that does nothing by itself. */
export class Puppet {
  /** `127.0.0.1:<port>` of the environment's APIs. */
  readonly api: string;
  readonly #control: string;

  constructor(api: string, control: string) {
    this.api = api;
    this.#control = control;
  }

  async variables(): Promise<Record<string, string>> {
    return (await call(this.#control, 'GET', '/variables')).json;
  }

  async folder(): Promise<string> {
    return (await call(this.#control, 'GET', '/folder')).json;
  }

  /** Writes to stdout, without adding a newline. */
  async say(text: string): Promise<void> {
    await call(this.#control, 'POST', '/say', { body: text });
  }

  async exit(code: number): Promise<void> {
    await call(this.#control, 'GET', `/exit?code=${code}`);
  }
}

/** The test makes the calls of an extension: of the puppet's own, or of another in its environment. */
export class ExtensionPuppet {
  readonly name: string;
  readonly process: Puppet;
  readonly api: string;
  id = '';

  constructor(name: string, { api, process }: { api: string; process: Puppet }) {
    this.name = name;
    this.api = api;
    this.process = process;
  }

  async register(
    events: readonly string[] | undefined = ['INVOKE', 'SHUTDOWN'],
    headers: Record<string, string> = {},
  ): Promise<CallResult> {
    const result = await this.post('register', {
      headers: { 'Lambda-Extension-Name': this.name, ...headers },
      body: { events },
    });
    this.id = String(result.headers['lambda-extension-identifier'] ?? this.id);
    return result;
  }

  next(): Promise<CallResult> {
    return call(this.api, 'GET', '/2020-01-01/extension/event/next', { headers: this.identity });
  }

  initError(): Promise<CallResult> {
    return this.#reportError('init/error', 'Test.Init');
  }

  exitError(): Promise<CallResult> {
    return this.#reportError('exit/error', 'Test.Exit');
  }

  subscribe(body: object): Promise<CallResult> {
    return call(this.api, 'PUT', '/2022-07-01/telemetry', { headers: this.identity, body });
  }

  post(
    path: string,
    options: { headers?: Record<string, string>; body?: unknown } = {},
  ): Promise<CallResult> {
    return call(this.api, 'POST', `/2020-01-01/extension/${path}`, options);
  }

  get(path: string, options: { headers?: Record<string, string> } = {}): Promise<CallResult> {
    return call(this.api, 'GET', `/2020-01-01/extension/${path}`, options);
  }

  get identity(): Record<string, string> {
    return { 'Lambda-Extension-Identifier': this.id };
  }

  #reportError(path: string, type: string): Promise<CallResult> {
    return this.post(path, {
      headers: { ...this.identity, 'Lambda-Extension-Function-Error-Type': type },
      body: { errorMessage: 'test', errorType: type },
    });
  }
}

/** The test makes the calls of the runtime. */
export class RuntimePuppet {
  readonly process: Puppet;
  readonly api: string;

  constructor(process: Puppet) {
    this.process = process;
    this.api = process.api;
  }

  next(): Promise<CallResult> {
    return call(this.api, 'GET', '/2018-06-01/runtime/invocation/next');
  }

  post(
    path: string,
    options: { headers?: Record<string, string>; body?: unknown } = {},
  ): Promise<CallResult> {
    return call(this.api, 'POST', `/2018-06-01/runtime/${path}`, options);
  }

  /** Takes one event and answers it. @returns the event as the runtime got it. */
  async serve(body: unknown = { served: true }): Promise<CallResult> {
    const event = await this.next();
    await this.post(`invocation/${requestIdOf(event)}/response`, { body });
    return event;
  }
}

export const requestIdOf = ({ headers }: CallResult) =>
  String(headers['lambda-runtime-aws-request-id']);

export interface Stage {
  readonly lambda: TestLambda;
  /** The extension's process, of the environment's n-th start. */
  extension(name: string, start?: number): Promise<ExtensionPuppet>;
  runtime(start?: number): Promise<RuntimePuppet>;
}

/**
 * A function whose extensions, and if asked for runtime, are puppets. Nothing starts before the
 * first invoke.
 */
export async function stage({
  extensions = [],
  runtime = false,
  ...options
}: Partial<Omit<LambdaOptions, 'runtime'>> & {
  extensions?: readonly string[];
  runtime?: boolean;
}): Promise<Stage> {
  const layer = await mkdtemp(join(tmpdir(), 'puppets-'));
  onTestFinished(() => rm(layer, { recursive: true, force: true }));
  await mkdir(join(layer, 'extensions'));
  for (const file of [...extensions.map((name) => `extensions/${name}`), RUNTIME]) {
    await copyFile(fixture('puppet.cjs'), join(layer, file));
    await chmod(join(layer, file), 0o755);
  }
  const lambda = await start({
    ...options,
    layers: [...(options.layers ?? []), layer],
    environment: {
      ...options.environment,
      ...(runtime && { AWS_LAMBDA_EXEC_WRAPPER: `/opt/${RUNTIME}` }),
    },
  });
  const find = async (name: string, start: number) => {
    const lines = () =>
      lambda.logs
        .map(({ line }) => new RegExp(`^puppet ${name} (\\S+) (\\d+)$`).exec(line))
        .filter((match) => match !== null);
    await lambda.until(() => lines().length >= start);
    const [, api = '', port] = lines()[start - 1] ?? [];
    return new Puppet(api, `127.0.0.1:${port}`);
  };
  return {
    lambda,
    async extension(name, start = 1) {
      const process = await find(name, start);
      return new ExtensionPuppet(name, { api: process.api, process });
    },
    async runtime(start = 1) {
      return new RuntimePuppet(await find(RUNTIME, start));
    },
  };
}
