import { rowTitle } from '../state/request-times.ts';
import type { Row } from '../state/view.ts';

/** To a request, by what the list calls it. */
export function RowLink({ row }: { readonly row: Row }) {
  const { method, target } = rowTitle(row);
  return (
    <a href={`#/requests/${row.key}`}>
      {method} {target}
    </a>
  );
}
