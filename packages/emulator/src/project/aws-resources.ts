import type { Warnings } from './warnings.ts';

/** Notes which resources values refer to; they exist only in AWS. */
export class AwsResources {
  readonly #references = new Set<string>();

  /** What stands in for the resource: its name in the file, as SAM CLI does it. */
  refer(name: string, attribute?: string): string {
    const reference = attribute ? `${name}.${attribute}` : name;
    this.#references.add(reference);
    return reference;
  }

  warn(warnings: Warnings): void {
    if (this.#references.size === 0) return;
    warnings.add(
      `AWS resources are not created on this machine. Values that refer to one hold its name instead: ${[...this.#references].join(', ')}.`,
    );
  }
}
