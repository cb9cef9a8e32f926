import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Runs a query of CloudWatch Logs Insights as a page of docs/ shows it: its filter, and the fields that it parses.
 *
 * @param before the text before the query's code block
 * @returns the fields of every line that the filter lets through
 */
export function runLogQuery(
  page: string,
  before: string,
  lines: readonly string[],
): Readonly<Record<string, string | undefined>>[] {
  const text = readFileSync(join(import.meta.dirname, '../../../../docs', page), 'utf8');
  const [, query = ''] = text.split(before)[1]?.split(/```(?:text)?\n/) ?? [];
  const isFiltered = new RegExp(/like \/(.+)\//.exec(query)?.[1] ?? 'no filter');
  const fields = [...query.matchAll(/parse @message \/(.+)\//g)].map(([, field = '']) => field);
  return lines
    .filter((line) => isFiltered.test(line))
    .map((line) =>
      Object.assign({}, ...fields.map((field) => new RegExp(field).exec(line)?.groups)),
    );
}
