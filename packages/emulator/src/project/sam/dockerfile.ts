/** What a Dockerfile says about the image's own stage, as far as a run without Docker can follow it. */
export interface Dockerfile {
  /** The image that the last stage, or what it is made from, begins with. */
  readonly base: string | undefined;
  /** Words of `CMD`. */
  readonly command: readonly string[];
  readonly hasEntryPoint: boolean;
  /** What `COPY` takes from the context, in the order of the file. */
  readonly copied: readonly string[];
}

/** Reads the instructions of a Dockerfile. https://docs.docker.com/reference/dockerfile/ */
export function readDockerfile(text: string): Dockerfile {
  const stages = new Map<string, string>();
  let dockerfile: Dockerfile = { base: undefined, command: [], hasEntryPoint: false, copied: [] };
  for (const [, name = '', rest = ''] of text.replace(/\\\r?\n/g, ' ').matchAll(INSTRUCTION)) {
    switch (name.toUpperCase()) {
      case 'FROM': {
        const [image = '', , stage] = withoutFlags(rest);
        const base = stages.get(image) ?? image;
        if (stage !== undefined) stages.set(stage, base);
        dockerfile = { base, command: [], hasEntryPoint: false, copied: dockerfile.copied };
        break;
      }
      case 'CMD':
        dockerfile = { ...dockerfile, command: readCommand(rest) };
        break;
      case 'ENTRYPOINT':
        dockerfile = { ...dockerfile, hasEntryPoint: true };
        break;
      case 'COPY': {
        if (/^\s*--from=/.test(rest)) break;
        const sources = withoutFlags(rest).slice(0, -1);
        dockerfile = { ...dockerfile, copied: [...dockerfile.copied, ...sources] };
        break;
      }
    }
  }
  return dockerfile;
}

const INSTRUCTION = /^[ \t]*([a-z]+)[ \t]+(.*)$/gim;

const withoutFlags = (rest: string): string[] =>
  readCommand(rest).filter((word) => !word.startsWith('--'));

/** The words of an instruction: a JSON list, or text. */
function readCommand(rest: string): string[] {
  try {
    const list: unknown = JSON.parse(rest);
    if (Array.isArray(list)) return list.map(String);
  } catch {
    // Not a list, so it is text.
  }
  return rest.trim().split(/\s+/);
}
