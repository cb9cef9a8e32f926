import { pathToFileURL } from 'node:url';

/** What a JavaScript file of the project exports by default. */
export async function loadProjectModule(file: string): Promise<unknown> {
  const { default: value, ...named } = await import(pathToFileURL(file).href);
  return value ?? named;
}
