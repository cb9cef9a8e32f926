import { basename } from 'node:path';
import type { Place } from './errors.ts';
import type { YamlFile } from './yaml-file.ts';

/** Collects what a local run does not give; says each thing once, however often the file asks for it. */
export class Warnings {
  readonly #messages = new Map<string, string>();

  add(message: string, place?: Place): void {
    if (this.#messages.has(message)) return;
    const line = place?.line === undefined ? '' : `:${place.line}`;
    this.#messages.set(message, place ? `${basename(place.file)}${line}: ${message}` : message);
  }

  addDuplicates({ file, duplicates }: YamlFile): void {
    for (const { key, line } of duplicates) {
      this.add(`The key ${key} occurs twice; the last one counts.`, { file, line });
    }
  }

  list(): string[] {
    return [...this.#messages.values()];
  }
}
