/** Something that is to get a name. */
export interface Named {
  readonly id: string;
  /** Where the app has it: `Shop/Worker/Handler/Resource`; absent in apps that do not say. */
  readonly path: string | undefined;
}

/** The part of a path that belongs to the construct library. */
const OWN = ['Resource', 'Default'];

/**
 * Names that people know from their code, with as much of the path as is needed to distinguish them: `Handler`, or
 * `Worker-Handler` and `Mailer-Handler`.
 */
export function readableNames(all: readonly Named[]): Map<string, string> {
  const paths = all.map(({ id, path }) => ({ id, segments: segmentsOf(path) ?? [id] }));
  const names = new Map<string, string>();
  for (const { id, segments } of paths) {
    const nameOf = (parts: readonly string[], length: number) => parts.slice(-length).join('-');
    const isUnique = (length: number) =>
      paths.every(
        (other) =>
          other.id === id ||
          // They are names of hosts too.
          nameOf(other.segments, length).toLowerCase() !== nameOf(segments, length).toLowerCase(),
      );
    const lengths = segments.map((_, index) => index + 1);
    const length = lengths.find(isUnique);
    names.set(id, length === undefined ? id : nameOf(segments, length));
  }
  return names;
}

function segmentsOf(path: string | undefined): string[] | undefined {
  const segments = path?.split('/').filter((segment) => !OWN.includes(segment));
  return segments && segments.length > 0
    ? segments.map((segment) => segment.replace(/[^\w-]/g, '-'))
    : undefined;
}
