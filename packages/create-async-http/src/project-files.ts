import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Choices } from './choices.ts';
import { mergePackageJson } from './merge-package-json.ts';
import { ownPackage } from './own-package.ts';

const TEMPLATES = fileURLToPath(new URL('../templates', import.meta.url));

/**
 * The files of a project, by their path with slashes.
 *
 * They are in `templates/`: in `common`, in the folder of the language and in that of the tool. Their
 * `package.json`s are merged. A `.ts` file outside the folder `ts` is also valid JavaScript.
 *
 * @param project its name as `projectName()` makes it.
 */
export function projectFiles({
  name,
  language,
  tool,
}: Omit<Choices, 'folder'> & { readonly name: string }): Map<string, string> {
  const values = { ...ownPackage().devDependencies, name, language };
  const files = new Map<string, string>();
  for (const part of ['common', language, tool]) {
    for (const path of templatesIn(part)) {
      const text = fill(readFileSync(join(TEMPLATES, part, path), 'utf8'), values);
      const target = path
        .replaceAll(sep, '/')
        // npm leaves a .gitignore out of packages.
        .replace(/^gitignore$/, '.gitignore')
        .replace(/\.ts$/, `.${language}`);
      const earlier = files.get(target);
      files.set(target, earlier === undefined ? text : mergePackageJson(earlier, text));
    }
  }
  return files;
}

function templatesIn(part: string): string[] {
  return readdirSync(join(TEMPLATES, part), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(TEMPLATES, part).length + 1));
}

/** Replaces `{{key}}`. */
function fill(template: string, values: Readonly<Record<string, string>>): string {
  return template.replace(/\{\{([^{}]+)\}\}/g, (_, key: string) => {
    const value = values[key];
    if (value === undefined) throw new Error(`A template asks for "${key}", which has no value.`);
    return value;
  });
}
