import { useQuery } from '@apollo/client/react';
import { Inbox, Plus, SearchX, TableProperties } from 'lucide-react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useKeys } from '../app/keys';
import { useWork } from '../app/session';
import { useSavePreferences } from '../app/shell';
import { t } from '../app/texts';
import { ClearFilters, FilterBar } from '../board/filter-bar';
import { asRecordFilter, isFiltered } from '../board/filters';
import { useNews } from '../board/news';
import page from '../board/page.module.css';
import { useAddress } from '../board/use-address';
import { useFeed } from '../board/use-feed';
import { Start } from '../gql/app';
import type { PipelineFieldsFragment } from '../gql/types';
import { Switcher } from '../pipeline/switcher';
import { ViewSwitch } from '../pipeline/view-switch';
import { Button, Skeleton } from '../ui/controls';
import { lazily, overlay } from '../ui/lazily';
import { Menu, MenuItem, MenuLabel, MenuLine } from '../ui/overlays';
import { Failure, State } from '../ui/states';
import { chosen, columns, firstColumns } from './columns';
import { ConflictDialog } from './conflict';
import type { Conflict } from './edit';
import css from './list.module.css';
import { asOrder, readSort, writeSort } from './sorting';
import { ListTable } from './table';
import { useRows } from './use-rows';

const Gone = lazily(() => import('../board/gone'));
const RecordPanel = overlay(() => import('../record/panel'), 'early');
const CreateDialog = overlay(() => import('../record/create'), 'early');
const DeleteDialog = overlay(() => import('../record/remove'));

/** The name under which the columns of this table are kept. */
const TABLE = 'records';

/** ListPage is one pipeline as a list: the same filters as its board, in an order and with columns of one's choice. */
export default function ListPage({ pipelineId, pipelines }: { pipelineId: string; pipelines: readonly PipelineFieldsFragment[] }) {
  const { viewer, can } = useWork();
  const { search, filters, go } = useAddress();
  const sort = useMemo(() => readSort(search), [search]);
  const [again, setAgain] = useState(0);
  const { feed, state: board } = useFeed(pipelineId, asRecordFilter(filters), again, 1);
  const { rows, state } = useRows(feed, asOrder(sort));
  const [shown, choose] = useColumns();
  const [creating, setCreating] = useState(false);
  const [removing, setRemoving] = useState<{ id: string; title: string } | null>(null);
  const [edited, setEdited] = useState<string | null>(null);
  const [conflict, setConflict] = useState<Conflict | null>(null);
  const params = new URLSearchParams(search);
  const open = params.get('record');
  const edit = can('CAN_EDIT_CRM');
  const pipeline = board.board?.pipeline ?? pipelines.find(({ id }) => id === pipelineId);
  useNews(feed, viewer.member?.id);
  const show = useCallback((id: string) => go({ record: id }), [go]);
  const more = useCallback(() => void rows?.more(), [rows]);
  const save = useSavePreferences();
  useKeys(edit && pipeline ? { n: () => setCreating(true) } : {});
  useEffect(() => save({ lastPipelineId: pipelineId, lastTab: 'PIPELINES' }), [pipelineId, save]);
  useEffect(() => {
    document.title = pipeline ? `${pipeline.name} · ${t.product}` : t.product;
  }, [pipeline]);

  const problem = board.problem ?? (state.phase === 'failed' ? state.problem : null);
  // What is typed about a new card outlives its list, whose stages go first.
  const was = useRef(pipeline);
  if (pipeline?.stages.length) was.current = pipeline;
  const create = creating && was.current && (
    <CreateDialog key="create" pipeline={was.current} gone={board.phase === 'gone'} stageId={was.current.stages.find(({ kind }) => kind === 'OPEN')?.id ?? ''} onClose={() => setCreating(false)} onCreated={show} />
  );
  if (board.phase === 'gone') return <div className={page.page}><Gone pipelineId={pipelineId} problem={board.problem} />{create}</div>;
  if (problem) return <Failure problem={problem} retry={() => (setAgain(again + 1), void rows?.reload())} action={<ClearFilters filters={filters} onChange={(change) => go(change, true)} />} />;
  const ready = state.phase === 'ready' && pipeline !== undefined;
  return (
    <div className={page.page}>
      <header className={page.head}>
        <Switcher pipelines={pipelines} pipelineId={pipelineId} name={pipeline?.name ?? ''} />
        {ready && <span className={page.count} role="status">{t.board.cards(state.total)}</span>}
        <ViewSwitch pipelineId={pipelineId} view="LIST" columns={shown} sort={sort} />
        <ColumnMenu shown={shown} onChoose={choose} />
        {edit && (
          <Button look="primary" className={page.create} disabled={!pipeline} onClick={() => setCreating(true)} aria-label={t.board.add}>
            <Plus size={16} aria-hidden />
            <span>{t.board.add}</span>
          </Button>
        )}
        <FilterBar filters={filters} stages={pipeline?.stages} onChange={(change) => go(change, true)} />
      </header>
      {!ready ? (
        <div className={css.waiting} role="status"><span className="hidden-visually">{t.loading}</span>{Array.from({ length: 8 }, (_, i) => <Skeleton key={i} block={28} />)}</div>
      ) : state.total === 0 && edited === null ? (
        isFiltered(filters) ? <State icon={SearchX} title={t.board.emptyFiltered}>{t.board.emptyFilteredHint}</State> : <State icon={Inbox} title={t.list.empty}>{t.list.emptyHint}</State>
      ) : (
        <ListTable name={pipeline.name} state={state} stages={pipeline.stages} shown={shown} sort={sort} editable={edit} onSort={(keys) => go({ sort: writeSort(keys) }, true)}
          edited={edited} onEdit={setEdited} onMore={more} onOpen={show} onConflict={setConflict} />
      )}
      {open && <RecordPanel key={open} id={open} onClose={() => go({ record: '' })} onRemove={setRemoving} />}
      {create}
      {removing && <DeleteDialog card={removing} onClose={() => setRemoving(null)} onDone={() => (setRemoving(null), open === removing.id && go({ record: '' }))} />}
      {conflict && <ConflictDialog conflict={conflict} onClose={() => setConflict(null)} onAgain={setConflict} />}
    </div>
  );
}

/** useColumns are the columns that a member chose, kept with the preferences; an address may name others. */
function useColumns(): [string[], (names: string[]) => void] {
  const { data } = useQuery(Start, { fetchPolicy: 'cache-only' });
  const { search, go } = useAddress();
  const save = useSavePreferences();
  const kept = data?.preferences.tableColumns ?? [];
  const named = new URLSearchParams(search).get('columns')?.split(',');
  const shown = chosen(named ?? kept.find(({ table }) => table === TABLE)?.columns);
  const key = shown.join();
  const choose = (names: string[]) => {
    if (named) go({ columns: names.join() }, true);
    else save({ tableColumns: [...kept.filter(({ table }) => table !== TABLE).map(({ table, columns }) => ({ table, columns })), { table: TABLE, columns: names }] });
  };
  return [useMemo(() => key.split(','), [key]), choose];
}

function ColumnMenu({ shown, onChoose }: { shown: readonly string[]; onChoose: (names: string[]) => void }) {
  return (
    <Menu align="start" trigger={<Button look="quiet" icon aria-label={t.list.columns}><TableProperties size={18} aria-hidden /></Button>}>
      <MenuLabel>{t.list.columns}</MenuLabel>
      {columns.map(({ id, label }) => (
        <MenuItem key={id} stays checked={shown.includes(id)} disabled={id === 'title'} onSelect={() => onChoose(shown.includes(id) ? shown.filter((name) => name !== id) : [...shown, id])}>{label}</MenuItem>
      ))}
      <MenuLine />
      <MenuItem stays onSelect={() => onChoose(firstColumns)}>{t.list.resetColumns}</MenuItem>
    </Menu>
  );
}
