type Section = Record<string, unknown>;

/** Adds the content of one `package.json` to another, as text; dependencies are sorted, as npm sorts them. */
export function mergePackageJson(base: string, addition: string): string {
  const merged: Section = JSON.parse(base);
  for (const [key, value] of Object.entries<unknown>(JSON.parse(addition))) {
    merged[key] = isSection(value) ? mergeSection(key, merged[key], value) : value;
  }
  return `${JSON.stringify(merged, null, 2)}\n`;
}

function mergeSection(key: string, base: unknown, addition: Section): Section {
  const entries = Object.entries({ ...(isSection(base) && base), ...addition });
  return Object.fromEntries(key.endsWith('ependencies') ? entries.sort(byName) : entries);
}

const isSection = (value: unknown): value is Section => typeof value === 'object' && value !== null;

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number =>
  a < b ? -1 : 1;
