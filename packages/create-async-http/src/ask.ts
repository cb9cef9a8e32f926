import { select, text } from '@clack/prompts';
import { type Choices, DEFAULTS, LANGUAGES, TOOLS } from './choices.ts';
import { CancelledError } from './errors.ts';
import { checkFolder } from './write-project.ts';

/**
 * Asks on the terminal for what was not given.
 *
 * @throws code `ASYNC_HTTP_CREATE_CANCELLED` after Ctrl-C.
 */
export async function ask(given: Partial<Choices>): Promise<Choices> {
  return {
    folder: given.folder ?? (await answer(text(FOLDER_QUESTION))),
    language: given.language ?? (await choose('Language', LANGUAGES, DEFAULTS.language)),
    tool: given.tool ?? (await choose('Deployed with', TOOLS, DEFAULTS.tool)),
  };
}

const FOLDER_QUESTION = {
  message: 'Folder',
  placeholder: DEFAULTS.folder,
  defaultValue: DEFAULTS.folder,
  validate(value: string | undefined): string | undefined {
    try {
      checkFolder(value || DEFAULTS.folder);
      return undefined;
    } catch (error) {
      return (error as Error).message;
    }
  },
};

async function choose<T extends string>(
  message: string,
  titles: Readonly<Record<T, string>>,
  initialValue: T,
): Promise<T> {
  const options = Object.entries<string>(titles).map(([value, label]) => ({ value, label }));
  return (await answer(select<string>({ message, options, initialValue }))) as T;
}

async function answer(question: Promise<string | symbol>): Promise<string> {
  const value = await question;
  // Clack's sign that it was Ctrl-C or Escape.
  if (typeof value === 'symbol') throw new CancelledError();
  return value;
}
