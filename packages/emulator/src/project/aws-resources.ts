import type { Warnings } from './warnings.ts';

/** Notes which resources values refer to; they exist only in AWS. */
export class AwsResources {
  /** The environment variables that hold a reference, by reference. */
  readonly #references = new Map<string, Set<string>>();
  #variable: string | undefined;
  #isSilent = false;
  readonly #onlyVariables: boolean;

  /** @param onlyVariables what is referred to elsewhere than in environment variables changes no local run. */
  constructor({ onlyVariables = false }: { onlyVariables?: boolean } = {}) {
    this.#onlyVariables = onlyVariables;
  }

  /** What stands in for the resource: its name in the file, as SAM CLI does it. */
  refer(name: string, attribute?: string): string {
    const reference = attribute ? `${name}.${attribute}` : name;
    const isOfNoConcern = this.#onlyVariables && this.#variable === undefined;
    if (this.#isSilent || isOfNoConcern) return reference;
    const variables = this.#references.get(reference) ?? new Set();
    if (this.#variable !== undefined) variables.add(this.#variable);
    this.#references.set(reference, variables);
    return reference;
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

  /** For values whose references somebody else speaks of. */
  silently<T>(read: () => T): T {
    this.#isSilent = true;
    try {
      return read();
    } finally {
      this.#isSilent = false;
    }
  }

  warn(warnings: Warnings): void {
    if (this.#references.size === 0) return;
    const values = [...this.#references].map(([reference, variables]) =>
      variables.size === 0 ? reference : `${[...variables].join(', ')} (${reference})`,
    );
    warnings.add(
      'AWS resources are not created on this machine, so these values are not available locally; ' +
        `each holds the name in the file instead: ${values.join(', ')}.`,
    );
  }
}
