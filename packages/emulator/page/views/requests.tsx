import { useMemo, useState } from 'preact/hooks';
import { PickList } from '../parts/pick-list.tsx';
import { SearchField } from '../parts/search-field.tsx';
import { Split } from '../parts/split.tsx';
import { FILTERS, type Filter, filterRows } from '../state/filter-rows.ts';
import { count } from '../state/format.ts';
import { FirstSteps } from './first-steps.tsx';
import { RequestDetail } from './request-detail.tsx';
import { RequestItem } from './request-item.tsx';
import type { ViewProps } from './view-props.ts';

export function Requests({ view, now, chosen, onChoose }: ViewProps) {
  const [filter, setFilter] = useState<Filter>('all');
  const [search, setSearch] = useState('');
  // The view changes in place, and only with entries; what counts up changes no filter.
  const rows = useMemo(
    () => filterRows(view, filter, search),
    [view, view.lastSeq, filter, search],
  );
  if (view.rows.length === 0) return <FirstSteps view={view} />;

  const row = view.rows.find(({ key }) => key === chosen) ?? rows[0];
  const { requests, entries } = view.forgotten;
  return (
    <Split
      isOpen={chosen !== undefined}
      onBack={() => onChoose(undefined)}
      list={
        <>
          <div class="search">
            <SearchField label="Search requests and logs" value={search} onInput={setSearch} />
            <fieldset class="filters" aria-label="Filter">
              {FILTERS.map((each) => (
                <button
                  key={each}
                  type="button"
                  aria-pressed={each === filter}
                  onClick={() => setFilter(each)}
                >
                  {each}
                </button>
              ))}
            </fieldset>
          </div>
          <PickList
            label="Requests"
            items={rows}
            keyOf={({ key }) => key}
            selected={row?.key}
            onSelect={onChoose}
            rowHeight={66}
            render={(item) => <RequestItem view={view} row={item} now={now} />}
          />
          <p class="count">
            {rows.length === view.rows.length
              ? count(rows.length, 'request')
              : `${rows.length.toLocaleString('en-US')} of ${count(view.rows.length, 'request')}`}
            {chosen !== undefined && (
              <button type="button" class="link" onClick={() => onChoose(undefined)}>
                Follow the newest
              </button>
            )}
            {(requests > 0 || entries > 0) && (
              <span>
                Only the newest are kept; {count(requests, 'older one')} and{' '}
                {count(entries, 'older event')} are gone.
              </span>
            )}
          </p>
        </>
      }
      detail={
        row ? (
          <RequestDetail
            key={row.key}
            view={view}
            row={row}
            now={now}
            onHold={() => onChoose(row.key)}
          />
        ) : (
          <p class="remark">No request fits the search.</p>
        )
      }
    />
  );
}
