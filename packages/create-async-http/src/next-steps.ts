import { type Choices, LANGUAGES, TOOLS } from './choices.ts';

/**
 * What the program prints at its end.
 *
 * @param strong marks a command, where that can be shown.
 */
export function nextSteps(
  { folder, language, tool }: Choices,
  paths: readonly string[],
  strong: (command: string) => string,
): string {
  const commands = [
    ...(folder === '.' ? [] : [`cd ${quoted(folder)}`]),
    'npm install',
    'npm run dev',
  ];
  return `Created ${folder} (${LANGUAGES[language]}, ${TOOLS[tool]}):
  ${paths.join(', ')}

Next:
${commands.map((command) => `  ${strong(command)}`).join('\n')}

Then, in a second terminal:
  ${strong('curl -i -X POST http://localhost:3000/report')}
`;
}

/** As a shell wants it. */
const quoted = (path: string): string =>
  /^[\w./@~-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
