import { useDraggable, useDroppable } from '@dnd-kit/core';
import { defaultRangeExtractor, useVirtualizer } from '@tanstack/react-virtual';
import { Plus } from 'lucide-react';
import { memo, useCallback, useEffect, useLayoutEffect, useMemo, useRef, type MouseEvent, type ReactNode, type RefObject } from 'react';
import { useWork } from '../app/session';
import { t } from '../app/texts';
import type { StageFieldsFragment } from '../gql/types';
import { hasMore, type Card, type Column } from '../live/replica';
import { Button, Skeleton, cx } from '../ui/controls';
import { Tip } from '../ui/overlays';
import { CardFace } from './card';
import css from './column.module.css';
import { PickCard, PickStage, useChosen } from './pick';
import type { Selection } from './selection';
import { gapAt, type Slot } from './slot';

const b = t.board;
const GAP = '';
const NONE: readonly string[] = [];

/** How many sums stand at the head of a column; the others are in its tip. */
const SUMS = 2;

export interface Hand {
  readonly id: string;
  readonly by: 'pointer' | 'keys';
  /** Height of the card in pixels, that of the gap made for it. */
  readonly height: number;
  /** Where it was taken. */
  readonly home: Slot;
}

interface ColumnProps {
  stage: StageFieldsFragment;
  column: Column;
  /** The card that the keyboard comes to; null: the first that is shown. */
  stop: string | null;
  /** The card in somebody's hand, when it is from this column or over it: the others need not render. */
  hand: Hand | null;
  /** Where in this column it would go. */
  target: number | null;
  stuck: boolean;
  /** Whether its cards are still to be drawn. */
  waits: boolean;
  onMore: (stageId: string) => void;
  onAdd: ((stageId: string) => void) | null;
  onOpen: (id: string) => void;
  menu: ((card: Card) => ReactNode) | undefined;
  movable: boolean;
  /** What is chosen; null where nothing can be done to many. */
  selection: Selection | null;
}

/** BoardColumn shows a stage: its name, what it adds up to, and those of its cards that are in view. */
export const BoardColumn = memo(function BoardColumn({ stage, column, stop, hand, target, stuck, waits, onMore, onAdd, onOpen, menu, movable, selection }: ColumnProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const inside = useRef<HTMLUListElement>(null);
  const ids = useRef(column.ids);
  ids.current = column.ids;
  const idsNow = useCallback(() => ids.current, []);
  const items = useMemo(() => {
    if (waits) return NONE;
    const gap = hand && target !== null ? gapAt(column.ids, target, hand.id) : null;
    return gap === null ? column.ids : column.ids.toSpliced(gap, 0, GAP);
  }, [column.ids, hand, target, waits]);
  const held = hand ? items.indexOf(hand.id) : -1;
  const at = stop === null ? -1 : items.indexOf(stop);
  const list = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: (i) => (items[i] === GAP ? (hand?.height ?? 96) : 104),
    getItemKey: useCallback((i: number) => items[i]!, [items]),
    gap: 8,
    overscan: 2,
    paddingStart: 6,
    // The card in the hand stays, however far the list is scrolled: events go on from it. So does the one that has the focus, with those beside it.
    rangeExtractor: (range) => withAll(defaultRangeExtractor(range), at < 0 ? [held] : [held, at - 1, at, at + 1], items.length),
  });
  const shown = list.getVirtualItems();
  const last = shown.at(-1)?.index ?? -1;
  const first = at < 0 ? shown.find(({ index }) => items[index] !== GAP) : undefined;
  const stopId = stop ?? (first ? items[first.index]! : null);
  const more = hasMore(column);
  useEffect(() => {
    if (more && !stuck && !waits && last >= items.length - 12) onMore(stage.id);
  }, [more, stuck, waits, last, items.length, onMore, stage.id]);
  useLayoutEffect(() => {
    const gap = items.indexOf(GAP);
    if (hand?.by === 'keys' && target !== null) list.scrollToIndex(gap < 0 ? held : gap, { align: 'auto' });
  }, [hand, target, held, items, list]);

  return (
    <>
      <section className={cx(css.column, target !== null && css.target)} data-column={stage.id} aria-label={`${stage.name}, ${b.cards(column.totals.count)}`}>
        <ColumnHead stage={stage} column={column} onAdd={onAdd} pick={selection && <PickStage selection={selection} stageId={stage.id} ids={idsNow} name={stage.name} empty={column.totals.count === 0} />} />
        <div className={css.scroller} ref={scroller} tabIndex={-1}>
          {column.ids.length === 0 && !more && (
            <div className={css.empty}>
              <p>{b.empty}</p>
              <p>{b.emptyHint}</p>
            </div>
          )}
          <ul className={css.list} ref={inside} style={{ blockSize: list.getTotalSize() }}>
            {shown.map(({ key, index, start }) => {
              const id = items[index]!;
              return (
                <li key={key} ref={list.measureElement} data-index={index} className={css.item} style={{ transform: `translateY(${start}px)` }}>
                  {id === GAP ? <Gap hand={hand!} /> : <Draggable id={id} isStop={id === stopId} isHeld={hand?.id === id} onOpen={onOpen} menu={menu} movable={movable} selection={selection} stageId={stage.id} ids={idsNow} />}
                </li>
              );
            })}
          </ul>
          {(more || waits) && (stuck ? (
            <div className={css.stuck} role="alert">
              <p>{b.moreFailed}</p>
              <Button onClick={() => onMore(stage.id)}>{t.again}</Button>
            </div>
          ) : (
            <div className={css.loading} role="status">
              <span className="hidden-visually">{b.more}</span>
              <Skeleton block={96} />
            </div>
          ))}
        </div>
      </section>
      <Landing stageId={stage.id} inside={inside} />
    </>
  );
});

/** withAll adds those of a list's places that must be shown too. */
function withAll(range: readonly number[], too: readonly number[], length: number): number[] {
  return [...new Set([...range, ...too])].filter((i) => i >= 0 && i < length).sort((x, y) => x - y);
}

/**
 * Landing makes known what lies in a column, that the column scrolls when a card comes near its edge. Of a column it alone
 * renders when a card comes over another one.
 */
function Landing({ stageId, inside }: { stageId: string; inside: RefObject<HTMLElement | null> }) {
  const { setNodeRef } = useDroppable({ id: stageId });
  useLayoutEffect(() => setNodeRef(inside.current), [setNodeRef, inside]);
  return null;
}

export function ColumnHead({ stage, column, onAdd, pick, children }: Pick<ColumnProps, 'stage' | 'onAdd'> & { column: Pick<Column, 'totals'>; pick?: ReactNode; children?: ReactNode }) {
  const { format } = useWork();
  const { count, amounts } = column.totals;
  const worth = amounts.filter(({ amount }) => Number(amount) !== 0);
  return (
    <header className={css.head}>
      <i className={css.dot} style={{ background: stage.color }} aria-hidden />
      {pick}
      <h2 className={css.name} title={stage.name}>{stage.name}</h2>
      <span className={css.count} aria-label={b.cards(count)}>{format.number(count)}</span>
      {onAdd && (
        <Button look="quiet" icon className={css.add} aria-label={b.addTo(stage.name)} onClick={() => onAdd(stage.id)}>
          <Plus size={16} aria-hidden />
        </Button>
      )}
      <Tip text={worth.map(({ currency, amount, weighted }) => <div key={currency}>{format.sum({ amount, currency })} ({b.weighted(format.sum({ amount: weighted, currency }))})</div>)}>
        <p className={css.sums} tabIndex={worth.length ? 0 : -1} aria-label={worth.length ? `${b.totalOf(stage.name)}: ${worth.map((a) => format.sum(a)).join(', ')}` : undefined}>
          {worth.slice(0, SUMS).map((a) => <span key={a.currency}>{format.sum(a)}</span>)}
          {worth.length > SUMS && <span>+{format.number(worth.length - SUMS)}</span>}
          {worth.length === 0 && '–'}
        </p>
      </Tip>
      {children}
    </header>
  );
}

/** Gap is the place that is made for the card in the hand; moved by keys, the card itself is shown in it. */
function Gap({ hand }: { hand: Hand }) {
  if (hand.by === 'keys') {
    return (
      <div className={css.ghost}>
        <CardFace id={hand.id} title={plainTitle} />
      </div>
    );
  }
  return <div className={css.gap} style={{ blockSize: hand.height }} />;
}

export const plainTitle = (card: Card) => card.title;

interface DraggableProps extends Pick<ColumnProps, 'onOpen' | 'menu' | 'movable' | 'selection'> {
  id: string;
  /** Whether Tab comes to it. */
  isStop: boolean;
  isHeld: boolean;
  stageId: string;
  ids: () => readonly string[];
}

/**
 * Draggable is a card that can be taken: by pointer anywhere, by keys on its title. It renders whenever something is taken
 * or comes over another column; what is in it only when that changes.
 */
const Draggable = memo(function Draggable(props: DraggableProps) {
  const { id, isHeld, onOpen, movable, selection, stageId, ids } = props;
  const { setNodeRef, listeners } = useDraggable({ id, disabled: !movable });
  const chosen = useChosen(selection, id, stageId);
  const click = useCallback(
    (event: MouseEvent) => {
      event.stopPropagation();
      if (selection && event.shiftKey) selection.reach(id, stageId, ids());
      else if (selection && (event.ctrlKey || event.metaKey)) selection.toggle(id, stageId);
      else onOpen(id);
    },
    [id, stageId, ids, selection, onOpen],
  );
  return (
    <div className={cx(css.card, isHeld && css.held, chosen && css.chosen)} data-card={id} ref={setNodeRef} {...listeners} onClick={click}>
      <Inside {...props} chosen={chosen} onClick={click} />
    </div>
  );
});

/** Inside is a card with its box; with a modifier a click on it chooses it. */
const Inside = memo(function Inside({ id, isStop, isHeld, menu, movable, selection, stageId, ids, chosen, onClick }: DraggableProps & { chosen: boolean; onClick: (event: MouseEvent) => void }) {
  const title = useCallback(
    (card: Card) => (
      <button type="button" data-title={id} tabIndex={isStop ? 0 : -1} aria-describedby={movable ? 'drag-instructions' : undefined} aria-pressed={isHeld || undefined} onClick={onClick}>
        {card.title}
        {chosen && <span className="hidden-visually">{t.bulk.chosen}</span>}
      </button>
    ),
    [id, isStop, movable, isHeld, chosen, onClick],
  );
  const box = useCallback((card: Card) => selection && <PickCard id={id} title={card.title} selection={selection} stageId={stageId} ids={ids} chosen={chosen} />, [id, selection, stageId, ids, chosen]);
  return <CardFace id={id} title={title} menu={menu} box={box} isStop={isStop} />;
});
