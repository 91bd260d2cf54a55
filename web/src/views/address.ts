import { asRecordFilter, noFilters, readFilters, writeFilters, type Filters } from '../board/filters';
import type { BoardView, RecordFilter, SavedViewFieldsFragment } from '../gql/types';
import { writeSort, type SortKey } from '../list/sorting';

/** filtersOf reads a saved filter back into what the filter bar has; what the bar does not know stays whole, as it is. */
export function filtersOf(filter: unknown): Filters {
  if (filter === null || filter === undefined) return noFilters;
  const f = filter as RecordFilter;
  const guess: Filters = {
    ...noFilters,
    q: f.q ?? '',
    owner: f.owner?.me === true ? 'me' : f.owner?.isNull === true ? 'none' : (f.owner?.eq ?? ''),
    priority: f.priority?.eq ?? '',
    status: f.status?.eq ?? '',
    tag: f.tags?.any?.join() ?? '',
    stage: f.stageId?.in?.join() ?? '',
    overdue: f.isOverdue === true ? 'yes' : '',
    stale: f.isStale === true ? 'yes' : '',
    contact: f.contactId?.isNull === true ? 'no' : f.contactId?.isNull === false ? 'yes' : '',
    min: f.value?.eq ?? f.value?.gte ?? '',
    max: f.value?.eq ?? f.value?.lte ?? '',
    currency: f.value?.currency ?? '',
    closeFrom: String(f.expectedCloseDate?.eq ?? f.expectedCloseDate?.gte ?? ''),
    closeTo: String(f.expectedCloseDate?.eq ?? f.expectedCloseDate?.lte ?? ''),
  };
  // Only a filter that comes out again as it went in was understood.
  const read = readFilters(writeFilters('', guess));
  return same(asRecordFilter(read), f) ? read : { ...noFilters, filter: JSON.stringify(filter) };
}

/** addressOf is what a saved view puts into the address. */
export function addressOf(saved: Pick<SavedViewFieldsFragment, 'id' | 'filter' | 'sort' | 'columns' | 'view'>): string {
  const list = saved.view === 'LIST';
  const extra = {
    sort: list ? writeSort(saved.sort.map(({ field, direction }) => ({ field, desc: direction === 'DESC' }))) : '',
    columns: list ? saved.columns.join() : '',
    view: saved.id,
  };
  return writeFilters('', { ...filtersOf(saved.filter), ...extra } as Partial<Filters>);
}

/** contentOf is what is on the screen, as a saved view keeps it. */
export function contentOf(search: string, view: BoardView, columns: readonly string[], sort: readonly SortKey[]) {
  return {
    view,
    filter: asRecordFilter(readFilters(search)),
    sort: sort.map(({ field, desc }) => ({ field, direction: desc ? ('DESC' as const) : ('ASC' as const) })),
    columns: [...columns],
  };
}

/** same compares values of JSON, whatever the order of keys. */
function same(a: unknown, b: unknown): boolean {
  const text = (value: unknown): string => JSON.stringify(value, (_key, v: unknown) => (v && typeof v === 'object' && !Array.isArray(v) ? Object.fromEntries(Object.entries(v).filter(([, x]) => x !== null).sort()) : v));
  return text(a) === text(b);
}
