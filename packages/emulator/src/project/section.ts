import { type Place, ProjectInvalidError } from './errors.ts';
import { isRecord } from './record.ts';
import type { YamlFile } from './yaml-file.ts';

/** How the values of a file are to be read: where they are, and what their variables stand for. */
export interface SectionSource {
  place(path: readonly string[]): Place;
  /** Resolves a variable that is the whole value; leaves what is inside a map or list alone. */
  shallow(value: unknown): unknown;
  /** Resolves every variable in a value, however deep. */
  deep(value: unknown): unknown;
}

/**
 * A map of a project file. Getters resolve variables only in what is asked for, so that a secret
 * in a part that no local run needs is never looked up. A wrong type is an error with its line.
 */
export class Section {
  readonly #source: SectionSource;
  readonly #path: readonly string[];
  readonly #values: Readonly<Record<string, unknown>>;

  constructor(source: SectionSource, values: unknown, path: readonly string[] = []) {
    const resolved = source.shallow(values) ?? {};
    this.#source = source;
    this.#path = path;
    if (!isRecord(resolved)) {
      throw new ProjectInvalidError(
        source.place(path),
        `${path.join('.') || 'the file'} must be a map of names and values.`,
      );
    }
    this.#values = resolved;
  }

  place(key?: string): Place {
    return this.#source.place(key === undefined ? this.#path : [...this.#path, key]);
  }

  has(key: string): boolean {
    return this.#values[key] !== undefined && this.#values[key] !== null;
  }

  /** The value with every variable in it resolved. */
  get(key: string): unknown {
    return this.#source.deep(this.#values[key]) ?? undefined;
  }

  string(key: string): string | undefined {
    const value = this.get(key);
    if (value === undefined || typeof value === 'string') return value;
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    return this.fail('must be text', key);
  }

  /** A whole number; text of digits counts, because variables often yield text. */
  integer(key: string): number | undefined {
    const value = this.get(key);
    if (value === undefined) return undefined;
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    return Number.isInteger(number) ? (number as number) : this.fail('must be a whole number', key);
  }

  /** A size in MB as a whole number, with or without its unit: `1536`, `1536MB`. */
  megabytes(key: string): number | undefined {
    const value = this.get(key);
    const digits =
      typeof value === 'string' ? /^\s*(\d+)\s*MI?B?\s*$/i.exec(value)?.[1] : undefined;
    return digits === undefined ? this.integer(key) : Number(digits);
  }

  /** A list; one value alone counts as a list of it. */
  list(key: string): readonly unknown[] {
    const value = this.get(key);
    if (value === undefined) return [];
    return Array.isArray(value) ? value : [value];
  }

  section(key: string): Section {
    return new Section(this.#source, this.#values[key], [...this.#path, key]);
  }

  /** The content of another file, whose variables stand for what they stand for here. */
  include({ file, value, lineOf }: Pick<YamlFile, 'file' | 'value' | 'lineOf'>): Section {
    const place = (path: readonly string[]) => ({ file, line: lineOf(path) });
    return new Section({ ...this.#source, place }, value);
  }

  keys(): string[] {
    return Object.keys(this.#values);
  }

  /** The maps of a list; what is not a map is left out. */
  items(key: string): Section[] {
    const value = this.#source.shallow(this.#values[key]);
    if (!Array.isArray(value)) return [];
    return value
      .map((item) => this.#source.shallow(item))
      .flatMap((item, index) =>
        isRecord(item)
          ? [new Section(this.#source, item, [...this.#path, key, String(index)])]
          : [],
      );
  }

  /** The maps of a map. Entries without a value are left out. */
  sections(): [name: string, section: Section][] {
    return Object.keys(this.#values)
      .filter((key) => this.has(key))
      .map((key) => [key, this.section(key)]);
  }

  fail(problem: string, key?: string): never {
    const name = [...this.#path, ...(key === undefined ? [] : [key])].join('.');
    throw new ProjectInvalidError(this.place(key), `${name} ${problem}.`);
  }
}
