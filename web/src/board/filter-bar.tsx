import { useQuery } from '@apollo/client/react';
import { Search, X } from 'lucide-react';
import { Suspense, useEffect, useRef, useState } from 'react';
import { People } from '../gql/app';
import type { PipelineFieldsFragment } from '../gql/types';
import { useKeys } from '../app/keys';
import { t } from '../app/texts';
import { Button, Select } from '../ui/controls';
import { lazily } from '../ui/lazily';
import ui from '../ui/ui.module.css';
import css from './page.module.css';
import { isFiltered, moreOf, noFilters, type Filters } from './filters';
import { MoreButton } from './more-button';

const Chips = lazily(() => import('./chips'));

const f = t.filters;
const none: PipelineFieldsFragment['stages'] = [];

/** FilterBar changes what stands in the address; typing waits for a pause. */
export function FilterBar({ filters, stages = none, onChange }: { filters: Filters; stages?: PipelineFieldsFragment['stages'] | undefined; onChange: (change: Partial<Filters>) => void }) {
  const { data } = useQuery(People);
  const [q, setQ] = useState(filters.q);
  const box = useRef<HTMLInputElement>(null);
  const change = useRef(onChange);
  change.current = onChange;
  // What is searched for already stays as it was typed, with the space before the next word.
  useEffect(() => setQ((held) => (held.trim() === filters.q ? held : filters.q)), [filters.q]);
  // What waits goes along to another view.
  const late = useRef<() => void>(undefined);
  useEffect(() => () => late.current?.(), []);
  useEffect(() => {
    if (q.trim() === filters.q) return;
    const send = () => {
      late.current = undefined;
      change.current({ q: q.trim() });
    };
    late.current = send;
    const timer = setTimeout(send, 250);
    return () => {
      late.current = undefined;
      clearTimeout(timer);
    };
  }, [q, filters.q]);
  useKeys({ '/': () => box.current?.focus() });
  return (
    <>
      <div className={css.filters} role="search" aria-label={f.label}>
        <div className={css.search}>
          <Search size={16} aria-hidden />
          <input ref={box} className={ui.input} type="search" value={q} onChange={(e) => setQ(e.target.value)} placeholder={f.search} aria-label={f.search} maxLength={200} />
        </div>
        <Select aria-label={f.owner} value={filters.owner} onChange={(e) => onChange({ owner: e.target.value })} data-set={filters.owner !== ''}>
          <option value="">{f.anyOwner}</option>
          <option value="me">{f.mine}</option>
          <option value="none">{f.unowned}</option>
          {data?.members.nodes.map(({ id, name }) => <option key={id} value={id}>{name}</option>)}
        </Select>
        <Select aria-label={f.priority} value={filters.priority} onChange={(e) => onChange({ priority: e.target.value as Filters['priority'] })} data-set={filters.priority !== ''}>
          <option value="">{f.anyPriority}</option>
          {Object.entries(t.board.priority).map(([key, name]) => <option key={key} value={key}>{name}</option>)}
        </Select>
        <Select aria-label={f.status} value={filters.status} onChange={(e) => onChange({ status: e.target.value as Filters['status'] })} data-set={filters.status !== ''}>
          <option value="">{f.anyStatus}</option>
          {Object.entries(f.statuses).map(([key, name]) => <option key={key} value={key}>{name}</option>)}
        </Select>
        <MoreButton filters={filters} stages={stages} onChange={onChange} />
        <ClearFilters look="quiet" filters={filters} onChange={(none) => (onChange(none), document.querySelector('button:focus-visible') && box.current?.focus())} />
      </div>
      <Suspense fallback={null}>{moreOf(filters) > 0 && <Chips filters={filters} stages={stages} onChange={onChange} />}</Suspense>
    </>
  );
}

/** ClearFilters takes all filters away, where some are set. */
export function ClearFilters({ filters, onChange, look = 'plain' }: { filters: Filters; onChange: (change: Partial<Filters>) => void; look?: 'plain' | 'quiet' }) {
  if (!isFiltered(filters)) return null;
  return (
    <Button look={look} onClick={() => onChange(noFilters)}>
      <X size={16} aria-hidden />
      {f.clear}
    </Button>
  );
}
