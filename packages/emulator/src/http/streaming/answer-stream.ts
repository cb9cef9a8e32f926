import { parseJson } from '../../parse-json.ts';
import { isRecord, type Values } from '../../project/record.ts';
import type { IntegrationResult, Outcome } from '../exchange.ts';
import type { Head, HttpAnswer } from '../http-answer.ts';
import { malformed, type Wording } from '../integrate.ts';
import { lateBody } from './late-body.ts';
import { MetadataReader } from './metadata.ts';

/** How a protocol puts a streamed response into HTTP. `read` gets one that is not streamed, or has no body. */
export interface StreamWording extends Wording {
  /** The head of a stream of this content type; `undefined` when the stream begins with metadata. */
  headOf(contentType: string): Head | undefined;
  /** @throws when the metadata is malformed. */
  readMetadata(metadata: Values): Head;
}

const NOTHING = Buffer.alloc(0);

/** The answer that the parts of a streamed response become. */
export class AnswerStream {
  /** Resolves with the answer when its head is known; its `rest` is missing when the metadata is malformed. */
  readonly begun: Promise<HttpAnswer>;
  readonly #begin: (answer: HttpAnswer) => void;
  readonly #wording: StreamWording;
  readonly #reader = new MetadataReader();
  readonly #body = lateBody();
  #hasBegun = false;

  constructor(wording: StreamWording) {
    const { promise, resolve } = Promise.withResolvers<HttpAnswer>();
    this.begun = promise;
    this.#begin = resolve;
    this.#wording = wording;
  }

  add(chunk: Buffer, contentType: string): void {
    if (this.#body.destroyed) return;
    if (this.#hasBegun) {
      this.#body.write(chunk);
      return;
    }
    try {
      const start = this.#readStart(chunk, contentType);
      if (!start) return;
      this.#hasBegun = true;
      this.#begin({ ...start.head, body: NOTHING, rest: this.#body });
      this.#body.write(start.body);
    } catch (error) {
      this.#body.destroy();
      this.#begin(this.#wording.failed(malformed(error as Error)));
    }
  }

  /** What is read at the end of a response; a stream that has begun is with the client already. */
  read(payload: Buffer, contentType: string): HttpAnswer {
    return this.#hasBegun
      ? { statusCode: 200, headers: [], body: NOTHING }
      : this.#wording.read(payload, contentType);
  }

  /** The function has answered to the end, or has failed: then the client's connection is cut off. */
  end({ answer: { problem }, invoke }: IntegrationResult): Outcome {
    if (problem === undefined) this.#body.end();
    else this.#body.destroy(new Error(problem));
    return { ...(invoke && { invoke }), ...(problem !== undefined && { problem }) };
  }

  #readStart(chunk: Buffer, contentType: string): { head: Head; body: Buffer } | undefined {
    const head = this.#wording.headOf(contentType);
    if (head) return { head, body: chunk };
    const parts = this.#reader.add(chunk);
    if (!parts) return undefined;
    const metadata = parseJson(parts.metadata);
    if (!isRecord(metadata)) throw new TypeError('its metadata is not a JSON object');
    return { head: this.#wording.readMetadata(metadata), body: parts.body };
  }
}
