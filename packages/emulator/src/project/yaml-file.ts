import { readFileSync } from 'node:fs';
import {
  type Document,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  visit,
} from 'yaml';
import { cloudFormationTags } from './cloudformation-tags.ts';
import { ProjectNotFoundError, ProjectSyntaxError } from './errors.ts';

/** A parsed file (YAML, JSON, or a script that exports values) that, if it can, still knows where its values were. */
export interface YamlFile {
  readonly file: string;
  /** Plain values; CloudFormation's short forms are written out (`!Ref x` → `{ Ref: 'x' }`). */
  readonly value: unknown;
  /** The file and those that it imports. */
  readonly includes: readonly string[];
  /** Keys that occur twice in a map. */
  readonly duplicates: readonly { readonly key: string; readonly line: number }[];
  /** 1-based line of the deepest part of `path` that is in this file itself. */
  lineOf(path: readonly string[]): number | undefined;
}

/**
 * Reads a YAML (or JSON) file.
 *
 * @throws code `ASYNC_HTTP_EMULATOR_PROJECT_NOT_FOUND` or `ASYNC_HTTP_EMULATOR_PROJECT_SYNTAX`.
 */
export function readYamlFile(file: string): YamlFile {
  const lines = new LineCounter();
  const document = parseDocument(readText(file), {
    customTags: cloudFormationTags,
    merge: true,
    // The tools that deploy these files take the last one.
    uniqueKeys: false,
    lineCounter: lines,
    prettyErrors: false,
    logLevel: 'silent',
  });
  const [error] = document.errors;
  if (error) {
    throw new ProjectSyntaxError(
      { file, line: lines.linePos(error.pos[0]).line },
      error.message.replace(/\.$/, ''),
      { cause: error },
    );
  }
  return {
    file,
    includes: [file],
    value: toPlainValue(file, document),
    duplicates: findDuplicates(document, lines),
    lineOf(path) {
      const offset = offsetOf(document, path);
      return offset === undefined ? undefined : lines.linePos(offset).line;
    },
  };
}

function findDuplicates(document: Document, lines: LineCounter): YamlFile['duplicates'] {
  const found: { key: string; line: number }[] = [];
  visit(document, {
    Map(_, { items }) {
      const seen = new Set<string>();
      for (const { key } of items) {
        if (!isScalar(key)) continue;
        const name = String(key.value);
        if (seen.has(name) && name !== '<<') {
          found.push({ key: name, line: lines.linePos(key.range?.[0] ?? 0).line });
        }
        seen.add(name);
      }
    },
  });
  return found;
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw Object.assign(new ProjectNotFoundError({ file }), { cause });
  }
}

function toPlainValue(file: string, document: Document): unknown {
  try {
    return document.toJS();
  } catch (cause) {
    // Aliases that grow exponentially, or that refer to nothing.
    throw new ProjectSyntaxError({ file }, (cause as Error).message, { cause });
  }
}

function offsetOf(document: Document, path: readonly string[]): number | undefined {
  let node: unknown = document.contents;
  let offset: number | undefined;
  for (const key of path) {
    if (isMap(node)) {
      const pair = node.items.findLast(
        (item) => isPair(item) && isScalar(item.key) && String(item.key.value) === key,
      );
      if (!pair) break;
      if (isScalar(pair.key)) offset = pair.key.range?.[0] ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(key)];
      const range = (node as { range?: [number, number, number] } | undefined)?.range;
      offset = range?.[0] ?? offset;
    } else break;
  }
  return offset;
}
