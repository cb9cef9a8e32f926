import type { Preload } from './frames.ts';

/** An option as Node.js splits them: at spaces, but not in double quotes. */
const OPTION = /(?:"(?:\\.|[^"\\])*"|[^ "])+/gs;
const PRELOADING = /^(?:--(require|import)|-r)(?:=(.*))?$/s;

/**
 * Takes the modules to be loaded first out of `NODE_OPTIONS`. Lambda's Node.js finds them in layers, through
 * `NODE_PATH`; other builds do not for `--import`, and end the process. So the host program loads them.
 *
 * @returns the other options, and the modules in the order in which Node.js loads them.
 */
export function takePreloads(nodeOptions: string): { rest: string; preloads: Preload[] } {
  const options = nodeOptions.match(OPTION) ?? [];
  const rest: string[] = [];
  const preloads: Preload[] = [];
  for (let at = 0; at < options.length; at += 1) {
    const option = options[at] ?? '';
    const [isPreload, name = 'require', value] = PRELOADING.exec(unquoted(option)) ?? [];
    const module = value ?? unquoted(options[at + 1] ?? '');
    if (isPreload === undefined || module === '') {
      rest.push(option);
      continue;
    }
    if (value === undefined) at += 1;
    preloads.push({ kind: name as Preload['kind'], module });
  }
  if (preloads.length === 0) return { rest: nodeOptions, preloads };
  preloads.sort((a, b) => Number(a.kind === 'import') - Number(b.kind === 'import'));
  return { rest: rest.join(' '), preloads };
}

function unquoted(option: string): string {
  return option.replace(/"((?:\\.|[^"\\])*)"/gs, (_, text: string) =>
    text.replace(/\\(.)/gs, '$1'),
  );
}
