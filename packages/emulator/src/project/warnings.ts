import { basename } from 'node:path';
import type { Place } from './errors.ts';

/** Collects what a local run does not give; says each thing once, however often the file asks for it. */
export class Warnings {
  readonly #messages = new Map<string, string>();

  add(message: string, place?: Place): void {
    if (this.#messages.has(message)) return;
    const line = place?.line === undefined ? '' : `:${place.line}`;
    this.#messages.set(message, place ? `${basename(place.file)}${line}: ${message}` : message);
  }

  list(): string[] {
    return [...this.#messages.values()];
  }
}
