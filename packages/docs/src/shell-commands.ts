export interface ShellCommand {
  /** Without comments and variables before it. */
  readonly text: string;
  /** Its words, without quotes. */
  readonly words: readonly string[];
  /** The folder to which the block has changed before it. */
  readonly folder: string;
}

/** The commands of a block of shell code, one after the other. */
export function shellCommands(code: string): ShellCommand[] {
  const commands: ShellCommand[] = [];
  let folder = '.';
  for (const line of code.split('\n')) {
    for (const part of withoutComment(line).split('&&')) {
      const text = part.trim().replace(/^(?:\w+=(?:'[^']*'|"[^"]*"|[^\s$]+)\s+)+(?=\w)/, '');
      if (text === '') continue;
      const words = [...text.matchAll(/'([^']*)'|"([^"]*)"|[^\s'"]+/g)].map(
        ([word, single, double]) => single ?? double ?? word,
      );
      if (words[0] === 'cd') folder = words[1] ?? '.';
      else commands.push({ text, words, folder });
    }
  }
  return commands;
}

function withoutComment(line: string): string {
  return /^(?:'[^']*'|"[^"]*"|[^'"#]|(?<=\S)#)*/.exec(line)?.[0] ?? '';
}
