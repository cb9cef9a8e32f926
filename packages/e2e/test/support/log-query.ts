import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Runs a query of CloudWatch Logs Insights as a page of docs/ shows it: its filter, and the field that it parses.
 *
 * @param before the text before the query's code block
 * @returns the field of every line that the filter lets through
 */
export function runLogQuery(
  page: string,
  before: string,
  lines: readonly string[],
): (string | undefined)[] {
  const text = readFileSync(join(import.meta.dirname, '../../../../docs', page), 'utf8');
  const [, query = ''] = text.split(before)[1]?.split(/```(?:text)?\n/) ?? [];
  const isFiltered = new RegExp(/like \/(.+)\//.exec(query)?.[1] ?? 'no filter');
  const field = new RegExp(/parse @message \/(.+)\//.exec(query)?.[1] ?? 'no field');
  return lines
    .filter((line) => isFiltered.test(line))
    .map((line) => Object.values(field.exec(line)?.groups ?? {})[0]);
}
