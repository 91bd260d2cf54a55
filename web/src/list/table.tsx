import { columnOrderingFeature, columnVisibilityFeature, createColumnHelper, rowSortingFeature, tableFeatures, useTable, type SortingState } from '@tanstack/react-table';
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { ArrowDown, ArrowUp, PanelRightOpen } from 'lucide-react';
import { Fragment, memo, useEffect, useLayoutEffect, useMemo, useRef, useState, type Dispatch, type FocusEvent, type KeyboardEvent, type SetStateAction } from 'react';
import { unread } from '../app/amount';
import { sentence } from '../app/problem';
import { useWork } from '../app/session';
import { t } from '../app/texts';
import type { PipelineFieldsFragment } from '../gql/types';
import { Button, Skeleton, cx } from '../ui/controls';
import { toast } from '../ui/toasts';
import { Editor } from './cell';
import { columns, type ListColumn, type Look } from './columns';
import { Saves, unfit, type Conflict, type EditField } from './edit';
import css from './list.module.css';
import type { Row, RowsState } from './rows';
import { MOST_KEYS, type SortKey } from './sorting';
import { useHeld, useRow } from './use-rows';

const l = t.list;
const ROW = 44;
const OVERSCAN = 12;
const features = tableFeatures({ columnVisibilityFeature, columnOrderingFeature, rowSortingFeature });
const helper = createColumnHelper<typeof features, { id: string }>();
const defs = columns.map(({ id, label, sort }) => helper.display({ id, header: label, enableSorting: sort !== undefined }));
const byId = new Map(columns.map((column) => [column.id, column]));

interface TableProps {
  name: string;
  state: RowsState;
  stages: PipelineFieldsFragment['stages'];
  shown: readonly string[];
  sort: readonly SortKey[];
  editable: boolean;
  /** The row that is edited. */
  edited: string | null;
  onSort: (keys: SortKey[]) => void;
  onMore: () => void;
  onOpen: (id: string) => void;
  onEdit: Dispatch<SetStateAction<string | null>>;
  onConflict: (conflict: Conflict) => void;
}

/** ListTable is a grid: the arrow keys go from cell to cell, Enter edits one, and only what is in view is rendered. */
export function ListTable({ name, state, stages, shown, sort, editable, edited, onSort, onMore, onOpen, onEdit, onConflict }: TableProps) {
  const { client, viewer, format, reasons } = useWork();
  const scroller = useRef<HTMLDivElement>(null);
  const [place, setAt] = useState({ row: 0, column: 0 });
  const ids = useHeld(state.ids, edited);
  const [saves] = useState(() => new Saves(client, viewer.workspace.defaultCurrency));
  const look = useMemo<Look>(() => ({ format, reasons, stages: new Map(stages.map((stage) => [stage.id, stage])) }), [format, reasons, stages]);
  const data = useMemo(() => ids.map((id) => ({ id })), [ids]);
  const sorting = useMemo<SortingState>(() => sort.flatMap(({ field, desc }) => columns.filter((c) => c.sort === field).map(({ id }) => ({ id, desc }))), [sort]);
  const table = useTable({
    features, columns: defs, data, getRowId: ({ id }) => id, manualSorting: true, enableMultiSort: true, maxMultiSortColCount: MOST_KEYS, sortDescFirst: false,
    state: { sorting, columnOrder: shown as string[], columnVisibility: Object.fromEntries(columns.map(({ id }) => [id, shown.includes(id)])) },
    onSortingChange: (update) => {
      const next = typeof update === 'function' ? update(sorting) : update;
      onSort(next.map(({ id, desc }) => ({ field: byId.get(id)!.sort!, desc })));
    },
  });
  const heads = table.getVisibleLeafColumns();
  const seen = heads.map(({ id }) => byId.get(id)!);
  const at = { row: clamp(place.row, ids.length), column: clamp(place.column, seen.length) };
  // The row that is edited and the one that Tab comes to stay, wherever one scrolls.
  const kept = [at.row, edited === null ? -1 : ids.indexOf(edited)].filter((index) => index >= 0 && index < ids.length);
  const virtual = useVirtualizer({
    count: ids.length, getScrollElement: () => scroller.current, estimateSize: () => ROW, overscan: OVERSCAN, getItemKey: (index) => ids[index]!,
    rangeExtractor: (range) => [...new Set([...defaultRangeExtractor(range), ...kept])].sort((a, b) => a - b),
  });
  const items = virtual.getVirtualItems();
  const last = (virtual.range?.endIndex ?? 0) + OVERSCAN;
  useEffect(() => {
    if (state.hasMore && last >= ids.length - 20) onMore();
  }, [last, state, onMore]);

  const enter = ({ target }: FocusEvent<HTMLElement>) => {
    const cell = target.closest<HTMLElement>('[data-at]');
    inside.current = true;
    if (cell) setAt(placeOf(cell));
  };

  const press = (event: KeyboardEvent<HTMLElement>) => {
    const cell = (event.target as HTMLElement).closest<HTMLElement>('[data-at]');
    if (!cell || event.target !== cell) return;
    const { row, column } = placeOf(cell);
    const rtl = getComputedStyle(event.currentTarget).direction === 'rtl' ? -1 : 1;
    const steps: Record<string, [number, number]> = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -rtl], ArrowRight: [0, rtl], PageUp: [-10, 0], PageDown: [10, 0], Home: [0, -99], End: [0, 99] };
    const step = steps[event.key];
    if (!step) return;
    event.preventDefault();
    const next = { row: clamp(row + step[0], ids.length), column: clamp(column + step[1], seen.length) };
    setAt(next);
    virtual.scrollToIndex(next.row);
    // At once, or a key that comes fast would still go to the cell before; where it must be rendered first, unless the focus has gone elsewhere meanwhile.
    const target = () => scroller.current?.querySelector<HTMLElement>(`[data-at="${next.row}:${next.column}"]`);
    if (target()) target()!.focus();
    else requestAnimationFrame(() => (document.activeElement === cell || document.activeElement === document.body) && target()?.focus());
  };

  // A row that goes takes the focus with it: it goes to the row that took its place, and with the last one to the page.
  const inside = useRef(false);
  useLayoutEffect(() => {
    if (inside.current && document.activeElement === document.body) scroller.current?.querySelector<HTMLElement>(`[data-at="${at.row}:${at.column}"]`)?.focus();
  });
  useLayoutEffect(() => () => {
    if (inside.current) document.getElementById('content')?.focus({ preventScroll: true });
  }, []);

  const gap = (size: number) => size > 0 && <tr aria-hidden><td colSpan={seen.length} style={{ blockSize: size }} /></tr>;
  return (
    <div className={css.scroller} ref={scroller}>
      <table className={css.table} role="grid" aria-label={l.label(name)} aria-rowcount={state.total + 1} onKeyDown={press} onFocus={enter} onBlur={() => (inside.current = false)} style={{ inlineSize: seen.reduce((sum, { width }) => sum + width, 0) }}>
        <colgroup>{seen.map(({ id, width }) => <col key={id} style={{ inlineSize: width }} />)}</colgroup>
        <thead>
          <tr aria-rowindex={1}>
            {heads.map((head) => {
              const column = byId.get(head.id)!;
              const order = head.getIsSorted();
              const rank = sorting.length > 1 ? sorting.findIndex(({ id }) => id === head.id) + 1 : 0;
              return (
                <th key={head.id} scope="col" aria-sort={order ? (order === 'asc' ? 'ascending' : 'descending') : undefined} className={column.end ? css.end : undefined}>
                  {column.sort ? (
                    <button type="button" className={css.sort} onClick={(event) => head.toggleSorting(undefined, event.shiftKey)} title={l.sortHint}>
                      {column.label}
                      {order === 'asc' && <ArrowUp size={14} aria-hidden />}
                      {order === 'desc' && <ArrowDown size={14} aria-hidden />}
                      {rank > 0 && <small>{rank}</small>}
                    </button>
                  ) : <span className={css.sort}>{column.label}</span>}
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          {items.map(({ index, key, start }, nth) => (
            <Fragment key={key}>
              {gap(start - (items[nth - 1]?.end ?? 0))}
              <TableRow id={ids[index]!} index={index} columns={seen} look={look} saves={saves} editable={editable} active={at.row === index ? at.column : null} onOpen={onOpen} onEdit={onEdit} onConflict={onConflict} />
            </Fragment>
          ))}
          {gap(virtual.getTotalSize() - (items.at(-1)?.end ?? 0))}
        </tbody>
      </table>
      {state.hasMore && <p className={css.more} role="status"><Skeleton block={14} inline="12rem" /><span className="hidden-visually">{t.board.more}</span></p>}
    </div>
  );
}

const clamp = (n: number, size: number) => Math.max(0, Math.min(size - 1, n));

const placeOf = (cell: HTMLElement) => {
  const [row, column] = cell.dataset.at!.split(':').map(Number) as [number, number];
  return { row, column };
};

interface RowProps {
  id: string;
  index: number;
  columns: readonly ListColumn[];
  look: Look;
  saves: Saves;
  /** Whether anything may be changed. An editor that is open when that ends stays, and the server refuses what it saves. */
  editable: boolean;
  active: number | null;
  onOpen: (id: string) => void;
  /** Tells which row is edited, or that it is no more. */
  onEdit: Dispatch<SetStateAction<string | null>>;
  onConflict: (conflict: Conflict) => void;
}

/** An editor: what it edits, the row as it was when it began, and why that was not saved. */
interface Editing {
  begun: symbol;
  field: EditField;
  row: Row;
  wrong: string | null;
}

const TableRow = memo(function TableRow({ id, index, columns, look, saves, editable, active, onOpen, onEdit, onConflict }: RowProps) {
  const { format } = useWork();
  const now = useRow(id);
  const line = useRef<HTMLTableRowElement>(null);
  // The editor begins with a row, and what others do to that row meanwhile is seen when it saves, be it that it is gone.
  const [editing, setEditing] = useState<Editing | null>(null);
  const row = now ?? editing?.row;
  useEffect(() => {
    if (!editing) return;
    onEdit(id);
    return () => onEdit((now) => (now === id ? null : now));
  }, [editing, id, onEdit]);
  // Focus goes back to the cell whose editor closed, unless it has gone elsewhere.
  const left = useRef(-1);
  useLayoutEffect(() => {
    if (editing || left.current < 0) return;
    if (document.activeElement === document.body) line.current?.querySelector<HTMLElement>(`[data-at="${index}:${left.current}"]`)?.focus();
    left.current = -1;
  }, [editing, index]);
  if (!row) return <tr aria-rowindex={index + 2}><td colSpan={columns.length} style={{ blockSize: ROW }} /></tr>;

  // While one is saved the next may have begun: that stays.
  const follow = (ended: Editing, next: Editing | null) => {
    if (!next) left.current = columns.findIndex((column) => column.edit === ended.field);
    setEditing((now) => (now?.begun === ended.begun ? next : now));
  };
  const store = async (text: string, edit: Editing) => {
    const amount = edit.field === 'value' && text.trim() ? format.read(text) : text.trim();
    const { problem, conflict } = amount === null ? { problem: unread(format) } : (unfit(edit.field, amount) ?? (await saves.save(edit.row, edit.field, amount)));
    if (conflict) onConflict(conflict);
    if (!problem) return true;
    const wrong = problem.details?.[0]?.message ?? sentence(problem);
    toast({ tone: 'bad', title: l.notSaved(row.title), text: wrong, requestId: problem.requestId });
    follow(edit, { ...edit, wrong });
    return false;
  };
  return (
    <tr ref={line} aria-rowindex={index + 2} data-row={id}>
      {columns.map(({ id: name, label, cell, edit, end: atEnd }, column) => {
        const opens = name === 'title';
        const open = editing !== null && editing.field === edit;
        const begin = editable && edit ? () => setEditing({ begun: Symbol(), field: edit, row, wrong: null }) : undefined;
        return (
          <td key={name} role="gridcell" data-at={`${index}:${column}`} data-column={name} tabIndex={active === column ? 0 : -1}
            className={cx(css.cell, atEnd && css.end, begin && css.editable)} aria-readonly={editable ? !begin : undefined}
            onClick={open ? undefined : begin}
            onKeyDown={(event) => {
              if (event.target !== event.currentTarget) return;
              if (event.key === ' ' || (event.key === 'Enter' && !begin)) onOpen(id);
              else if ((event.key === 'Enter' || event.key === 'F2') && begin) begin();
              else return;
              event.preventDefault();
            }}>
            {open ? <Editor key={editing.field} row={editing.row} field={editing.field} label={label} wrong={editing.wrong} onSave={(text) => store(text, editing)} onDone={() => follow(editing, null)} /> : (
              <span className={css.inner}>
                {cell(row, look)}
                {opens && (
                  <Button look="quiet" icon className={css.open} tabIndex={-1} aria-label={t.board.open(row.title)} onClick={(event) => (event.stopPropagation(), onOpen(id))}>
                    <PanelRightOpen size={16} aria-hidden />
                  </Button>
                )}
              </span>
            )}
          </td>
        );
      })}
    </tr>
  );
});
