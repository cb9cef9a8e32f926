import type { Answer } from './match.ts';
import type { Given } from './rule.ts';
import { send } from './send.ts';
import type { IdleEnvironment } from './target.ts';

const REGISTER = 'POST /2020-01-01/extension/register';
const EXTENSION_NEXT = 'GET /2020-01-01/extension/event/next';
const RUNTIME_NEXT = 'GET /2018-06-01/runtime/invocation/next';

/** Plays the runtime and the extension of one environment, up to the state that a rule begins in. */
export class IdleSession {
  readonly #environment: IdleEnvironment;
  readonly #ending = new AbortController();
  #extension: string | undefined;
  #request: string | undefined;
  #isWaiting = false;
  #caller: Promise<Answer> | undefined;

  constructor(environment: IdleEnvironment) {
    this.#environment = environment;
  }

  get api(): string {
    return this.#environment.api;
  }

  /** What stands for names in the texts of rules. */
  get variables(): Record<string, string> {
    return { extension: this.#extension ?? '', request: this.#request ?? '' };
  }

  /** What the caller of the invoke gets that is under way. */
  get caller(): Promise<Answer> | undefined {
    return this.#caller;
  }

  /** @throws when the environment does not get there. */
  async reach(given: Given, signal: AbortSignal): Promise<void> {
    this.#caller ??= this.#environment.invoke();
    // Nobody may ask for it, or the environment ends before it is there.
    this.#caller.catch(() => undefined);
    if (given === 'INIT') return;
    this.#extension ??= await this.#register(signal);
    if (given === 'registered') return;
    if (!this.#isWaiting) {
      this.#isWaiting = true;
      const headers = { 'lambda-extension-identifier': this.#extension };
      send(this.api, { to: EXTENSION_NEXT, headers }, this.#ending.signal).catch(() => undefined);
    }
    const event = await send(this.api, { to: RUNTIME_NEXT }, signal);
    this.#request = headerOf(event, 'lambda-runtime-aws-request-id', RUNTIME_NEXT);
  }

  /** Ends the invoke that a rule may have left open, so that the environment can have another. */
  async settle(signal: AbortSignal): Promise<void> {
    if (this.#request === undefined) return;
    const to = `POST /2018-06-01/runtime/invocation/${this.#request}/response`;
    await send(this.api, { to, body: {} }, signal);
    await this.#caller;
    this.#request = undefined;
    this.#caller = undefined;
  }

  async close(): Promise<void> {
    this.#ending.abort();
    await this.#environment.close();
  }

  async #register(signal: AbortSignal): Promise<string> {
    // Without events, so that no invoke waits for the extension.
    const headers = { 'lambda-extension-name': 'conformance' };
    const answer = await send(this.api, { to: REGISTER, headers, body: { events: [] } }, signal);
    return headerOf(answer, 'lambda-extension-identifier', REGISTER);
  }
}

function headerOf({ status, headers, text }: Answer, name: string, call: string): string {
  const value = headers[name];
  if (typeof value === 'string') return value;
  throw new Error(`${call} was answered with ${status} ${text.slice(0, 200)}, without ${name}`);
}
