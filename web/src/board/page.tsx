import { useMutation, useQuery } from '@apollo/client/react';
import { History, Inbox, MoveRight, Plus, SearchX, SquareCheck, Trash2, UserRound } from 'lucide-react';
import { Suspense, useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { useKeys } from '../app/keys';
import { useWork } from '../app/session';
import { useSavePreferences } from '../app/shell';
import { t } from '../app/texts';
import { People } from '../gql/app';
import { AssignRecord } from '../gql/record';
import type { PipelineFieldsFragment } from '../gql/types';
import type { Card } from '../live/replica';
import { Switcher } from '../pipeline/switcher';
import { ViewSwitch } from '../pipeline/view-switch';
import { Button, Skeleton } from '../ui/controls';
import { fetchEarly, lazily, overlay } from '../ui/lazily';
import { MenuItem, MenuLine } from '../ui/overlays';
import { Failure } from '../ui/states';
import { SubMenu } from '../ui/submenu';
import { asRecordFilter, isFiltered } from './filters';
import { ClearFilters, FilterBar } from './filter-bar';
import { Kanban } from './kanban';
import { reportMove, useMoves } from './moves';
import { readAt } from '../past/scale';
import { useNews } from './news';
import { useSelection } from './pick';
import { countOf, isNothing } from './selection';
import { others, slotOf, type Slot } from './slot';
import css from './page.module.css';
import { useAddress } from './use-address';
import { useFeed } from './use-feed';

const Gone = lazily(() => import('./gone'));
const LostReason = overlay(() => import('./lost-reason'));
const RecordPanel = overlay(() => import('../record/panel'), 'early');
const CreateDialog = overlay(() => import('../record/create'), 'early');
const PastBoard = lazily(() => import('../past/board'));
const BulkBar = overlay(() => import('../bulk/bar'));
const DeleteDialog = overlay(() => import('../record/remove'));

const b = t.board;
const DAY = 86_400_000;

/** BoardPage is one pipeline as a board: its head, its filters, its columns, and the card that is open beside them. */
export default function BoardPage({ pipelineId, pipelines }: { pipelineId: string; pipelines: readonly PipelineFieldsFragment[] }) {
  const { viewer, can } = useWork();
  const { search, filters, go } = useAddress();
  const [again, setAgain] = useState(0);
  const { feed, state } = useFeed(pipelineId, asRecordFilter(filters), again);
  const [creating, setCreating] = useState<string | null>(null);
  const [removing, setRemoving] = useState<Card | null>(null);
  const save = useSavePreferences();
  const moves = useMoves(feed);
  const selection = useSelection(feed);
  const [dropped, setDropped] = useState<{ stageId: string; afterId: string | null } | null>(null);
  const past = useRef<HTMLButtonElement>(null);
  const noDrop = useCallback(() => setDropped(null), []);
  const choosing = !isNothing(useSyncExternalStore(selection.subscribe, selection.snapshot));
  const open = new URLSearchParams(search).get('record');
  const at = useMemo(() => readAt(search, Date.now()), [search]);
  const edit = can('CAN_EDIT_CRM') && at === null;
  useNews(feed, viewer.member?.id);
  const live = state.board !== null;
  useEffect(() => {
    if (live) fetchEarly();
  }, [live]);

  const show = useCallback((id: string) => go({ record: id }), [go]);
  const board = state.board;
  // One of several chosen cards takes the others with it, below the nearest card that is not among them. One that somebody
  // moved while it was in the hand takes none: that this is a conflict is what has to be told.
  const put = (id: string, from: string, to: Slot, afterId: string | null) => {
    const moved = board && slotOf(board, id)?.stageId !== from;
    if (!board || moved || !selection.has(id, from) || countOf(selection.snapshot(), board) < 2) return moves.move(id, from, to, afterId);
    const above = others(board, to.stageId, id).slice(0, to.index);
    setDropped({ stageId: to.stageId, afterId: above.findLast((other) => !selection.has(other, to.stageId)) ?? null });
  };
  const pipeline = board?.pipeline ?? pipelines.find(({ id }) => id === pipelineId);
  const firstOpen = pipeline?.stages.find(({ kind }) => kind === 'OPEN')?.id ?? '';
  useKeys(edit && board ? { n: () => setCreating(firstOpen) } : {});
  useEffect(() => {
    save({ lastPipelineId: pipelineId, lastTab: 'PIPELINES' });
  }, [pipelineId, save]);
  useEffect(() => {
    document.title = pipeline ? `${pipeline.name} · ${t.product}` : t.product;
  }, [pipeline]);
  const menu = useMemo(
    () => (edit && board ? (card: Card) => <CardActions card={card} pipeline={board.pipeline} onMove={moves.toEnd} onRemove={setRemoving} onPick={() => selection.toggle(card.id, card.stageId)} /> : undefined),
    [edit, board?.pipeline, moves.toEnd, selection], // not the board itself, which changes with every frame
  );

  // What is typed about a new card outlives its board, whose stages go first.
  const was = useRef(pipeline);
  if (pipeline?.stages.length) was.current = pipeline;
  const create = creating !== null && was.current && <CreateDialog key="create" pipeline={was.current} gone={state.phase === 'gone'} stageId={creating} onClose={() => setCreating(null)} onCreated={show} />;
  if (state.phase === 'gone') return <div className={css.page}><Gone pipelineId={pipelineId} problem={state.problem} />{create}</div>;
  if (state.phase === 'refused' && state.problem) return <Failure problem={state.problem} retry={() => setAgain(again + 1)} action={<ClearFilters filters={filters} onChange={(change) => go(change, true)} />} />;
  const count = board ? [...board.columns.values()].reduce((sum, { totals }) => sum + totals.count, 0) : null;
  return (
    <div className={css.page}>
      <header className={css.head}>
        <Switcher pipelines={pipelines} pipelineId={pipelineId} name={pipeline?.name ?? ''} />
        {count !== null && at === null && <span className={css.count}>{b.cards(count)}</span>}
        <ViewSwitch pipelineId={pipelineId} view="KANBAN" />
        <Button ref={past} look="quiet" icon disabled={!board && at === null} onClick={() => go({ at: at === null ? new Date(Date.now() - DAY).toISOString() : '' })} aria-pressed={at !== null} aria-label={t.past.open} title={t.past.open} data-tour="past">
          <History size={18} aria-hidden />
        </Button>
        {edit && (
          <Button look="primary" className={css.create} disabled={!board} onClick={() => setCreating(firstOpen)} aria-label={b.add}>
            <Plus size={16} aria-hidden />
            <span>{b.add}</span>
          </Button>
        )}
        <FilterBar filters={filters} stages={pipeline?.stages} onChange={(change) => go(change, true)} />
      </header>
      {count === 0 && at === null && (
        <p className={css.notice} role="status">
          {isFiltered(filters) ? <><SearchX size={16} aria-hidden /> <strong>{b.emptyFiltered}.</strong> {b.emptyFilteredHint}</>
            : <><Inbox size={16} aria-hidden /> <strong>{b.emptyBoard}.</strong> {b.emptyBoardHint}</>}
        </p>
      )}
      {at !== null ? (
        <Suspense fallback={<Waiting stages={pipeline?.stages.length ?? 5} />}>
          <PastBoard pipelineId={pipelineId} filter={asRecordFilter(filters)} at={at} onAt={(at) => go({ at }, true)} onNow={() => (go({ at: '' }), past.current?.focus())} onOpen={show} />
        </Suspense>
      ) : feed && board ? (
        <Kanban feed={feed} board={board} stuck={state.stuck} movable={edit} onMove={put} onOpen={show} onAdd={edit ? setCreating : null} menu={menu} selection={edit ? selection : null} />
      ) : (
        <Waiting stages={pipeline?.stages.length ?? 5} />
      )}
      {open && <RecordPanel key={open} id={open} onClose={() => go({ record: '' })} onRemove={setRemoving} />}
      {create}
      {choosing && edit && feed && board && <BulkBar feed={feed} board={board} selection={selection} pipelines={pipelines} dropped={dropped} onDropped={noDrop} />}
      {removing && <DeleteDialog card={removing} onClose={() => setRemoving(null)} onDone={() => (setRemoving(null), open === removing.id && go({ record: '' }))} />}
      {moves.asking && <LostReason onAnswer={moves.answer} onClose={moves.giveUp} />}
    </div>
  );
}

function CardActions({ card, pipeline, onMove, onRemove, onPick }: { card: Card; pipeline: PipelineFieldsFragment; onMove: (card: Card, stageId: string) => void; onRemove: (card: Card) => void; onPick: () => void }) {
  const { viewer, can } = useWork();
  const { data } = useQuery(People);
  const [assign] = useMutation(AssignRecord);
  const give = (ownerId: string | null) => void assign({ variables: { input: { recordId: card.id, ownerId } } }).catch(reportMove);
  const people = can('CAN_ASSIGN_OTHERS') ? data?.members.nodes : data?.members.nodes.filter(({ id }) => id === viewer.member?.id);
  return (
    <>
      <MenuItem onSelect={onPick} end="X"><SquareCheck size={16} aria-hidden />{t.choose}</MenuItem>
      <SubMenu label={<><MoveRight size={16} aria-hidden />{b.moveTo}</>}>
        {pipeline.stages.map(({ id, name }) => <MenuItem key={id} checked={id === card.stageId} onSelect={() => onMove(card, id)}>{name}</MenuItem>)}
      </SubMenu>
      <SubMenu label={<><UserRound size={16} aria-hidden />{b.assignTo}</>}>
        <MenuItem checked={!card.owner} onSelect={() => give(null)}>{t.nobody}</MenuItem>
        {people?.map(({ id, name }) => <MenuItem key={id} checked={id === card.owner?.id} onSelect={() => give(id)}>{name}</MenuItem>)}
      </SubMenu>
      <MenuLine />
      <MenuItem onSelect={() => onRemove(card)}><Trash2 size={16} aria-hidden />{t.remove}</MenuItem>
    </>
  );
}

/** Waiting has the shape of what is to come. */
function Waiting({ stages }: { stages: number }) {
  return (
    <div className={css.waiting} role="status">
      <span className="hidden-visually">{t.loading}</span>
      {Array.from({ length: stages }, (_, i) => (
        <div key={i}>
          <Skeleton block={20} inline="60%" />
          {Array.from({ length: Math.max(1, 5 - i) }, (_, j) => <Skeleton key={j} block={92} />)}
        </div>
      ))}
    </div>
  );
}
