import type { DeclaredResources } from './declared-resources.ts';
import type { Warnings } from './warnings.ts';

/** Gives references to resources their values, and notes which of them lead to nothing on this machine. */
export class AwsResources {
  readonly #declared: DeclaredResources;
  /** The environment variables that hold a reference, by reference. */
  readonly #references = new Map<string, Set<string>>();
  #variable: string | undefined;
  #isSilent = false;
  #isKnown = true;
  #undeclared = new Set<string>();
  readonly #onlyVariables: boolean;

  /** @param onlyVariables what is referred to elsewhere than in environment variables changes no local run. */
  constructor(declared: DeclaredResources, { onlyVariables = false } = {}) {
    this.#declared = declared;
    this.#onlyVariables = onlyVariables;
  }

  /** What AWS would make of the resource; where that is not known, its name in the file, as SAM CLI does it. */
  refer(name: string, asked?: string): string {
    const attribute =
      asked !== undefined && this.#declared.isIdentifier(name, asked) ? undefined : asked;
    const reference = attribute ? `${name}.${attribute}` : name;
    const value = this.#declared.valueOf(name, attribute);
    const isThere = value !== undefined && this.#declared.isLocal(name);
    if (!isThere && !this.#isSilent) this.#note(reference);
    if (value === undefined) this.#isKnown = false;
    if (!this.#declared.has(name)) this.#undeclared.add(name);
    return value ?? reference;
  }

  /** References that `read` meets belong to this environment variable. */
  inVariable<T>(name: string, read: () => T): T {
    this.#variable = name;
    try {
      return read();
    } finally {
      this.#variable = undefined;
    }
  }

  /** For values whose references somebody else reads. */
  silently<T>(read: () => T): T {
    const before = this.#isSilent;
    this.#isSilent = true;
    try {
      return read();
    } finally {
      this.#isSilent = before;
    }
  }

  /** The value, unless it has a reference that only AWS could resolve. Nobody is told of its references. */
  known<T>(read: () => T): T | undefined {
    const { value, isKnown } = this.trace(read);
    return isKnown ? value : undefined;
  }

  /** The value, whether it has a part that only AWS could resolve, and which resources it has that nobody declares. */
  trace<T>(read: () => T): { value: T; isKnown: boolean; undeclared: readonly string[] } {
    this.#isKnown = true;
    this.#undeclared = new Set();
    const value = this.silently(read);
    return { value, isKnown: this.#isKnown, undeclared: [...this.#undeclared] };
  }

  /** Notes that a part of what is being read has no value on this machine. */
  missed(): void {
    this.#isKnown = false;
  }

  warn(warnings: Warnings): void {
    if (this.#references.size === 0) return;
    const values = [...this.#references].map(([reference, variables]) =>
      variables.size === 0 ? reference : `${[...variables].join(', ')} (${reference})`,
    );
    warnings.add(
      'These AWS resources are not created on this machine; values made from their names in the file ' +
        `stand in for them: ${values.join(', ')}.`,
    );
  }

  #note(reference: string): void {
    if (this.#onlyVariables && this.#variable === undefined) return;
    const variables = this.#references.get(reference) ?? new Set();
    if (this.#variable !== undefined) variables.add(this.#variable);
    this.#references.set(reference, variables);
  }
}
