import type { Warnings } from './warnings.ts';

/** Lambda, "CreateFunction": FunctionName. */
const MAX_LENGTH = 64;

/** A name that Lambda takes; one that it would refuse is made to fit, with a warning. */
export function deployedNameOf(name: string, warnings: Warnings): string {
  const fitting = name.replace(/[^\w-]/g, '-').slice(0, MAX_LENGTH);
  if (fitting !== name) {
    warnings.add(
      `Lambda refuses the function name ${name} (letters, digits, - and _, at most ${MAX_LENGTH}); here it is ${fitting}.`,
    );
  }
  return fitting;
}

/** The name of a function that has none in its file: as CloudFormation does, it is made to fit. Its end is what differs. */
export const generatedName = (id: string): string =>
  id.slice(-MAX_LENGTH).replace(/^[^A-Za-z0-9]+/, '');
