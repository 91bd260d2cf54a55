import { DndContext, DragOverlay, MouseSensor, TouchSensor, useSensor, useSensors, type Active, type CollisionDetection, type DragEndEvent, type DragMoveEvent, type DragStartEvent } from '@dnd-kit/core';
import { startTransition, useCallback, useEffect, useLayoutEffect, useRef, useState, useSyncExternalStore, type KeyboardEvent, type ReactNode } from 'react';
import { createPortal } from 'react-dom';
import { t } from '../app/texts';
import type { BoardFeed } from '../live/feed';
import type { Card, Replica } from '../live/replica';
import { CardFace } from './card';
import { BoardColumn, plainTitle, type Hand } from './column';
import { useFirstTour } from '../tour/use-first-tour';
import { useGlide } from './glide';
import css from './kanban.module.css';
import { countOf, isNothing, type Selection } from './selection';
import { centre, columnAt, indexAt, isBack, neighbour, others, sameSlot, slotOf, step, type Slot } from './slot';
import { useStops } from './stops';
import { directionOf, openMenu, opensMenu, select, walk } from './walk';

const d = t.board.drag;

interface KanbanProps {
  feed: BoardFeed;
  board: Replica;
  stuck: ReadonlySet<string>;
  /** Whether cards may be moved at all. */
  movable: boolean;
  onMove: (id: string, from: string, to: Slot, afterId: string | null) => void;
  onOpen: (id: string) => void;
  onAdd: ((stageId: string) => void) | null;
  menu: ((card: Card) => ReactNode) | undefined;
  selection: Selection | null;
}

/** Kanban is the board with its columns, and the hand that moves cards: by mouse, by finger, or by keys. */
export function Kanban({ feed, board, stuck, movable, onMove, onOpen, onAdd, menu, selection }: KanbanProps) {
  const selecting = useSyncExternalStore(selection?.subscribe ?? never, () => selection !== null && !isNothing(selection.snapshot()));
  const root = useRef<HTMLDivElement>(null);
  const [hand, setHand] = useState<Hand | null>(null);
  const [target, setTarget] = useState<Slot | null>(null);
  const [said, setSaid] = useState('');
  const aiming = useRef(0);
  const drop = useGlide(root, feed, board);
  const stops = useStops(root, board);
  const stages = board.pipeline.stages;
  const drawn = useTurns(stages.length);
  useFirstTour(drawn >= stages.length);
  const now = useRef({ board, hand, target });
  now.current = { board, hand, target };
  const sensors = useSensors(useSensor(MouseSensor, { activationConstraint: { distance: 5 } }), useSensor(TouchSensor, { activationConstraint: { delay: 220, tolerance: 8 } }));
  const titleOf = useCallback((id: string) => feed.card(id)?.title ?? '', [feed]);
  const stageName = useCallback((id: string) => now.current.board.pipeline.stages.find((stage) => stage.id === id)?.name ?? '', []);

  const onMore = useCallback((stageId: string) => void feed.more(stageId), [feed]);

  const lift = (id: string, by: Hand['by']) => {
    const height = root.current?.querySelector(`[data-card="${id}"]`)?.getBoundingClientRect().height ?? 96;
    const home = slotOf(board, id);
    if (!home) return;
    setHand({ id, by, height, home });
    setTarget(home);
    setSaid(d.lifted(titleOf(id)));
  };

  const letGo = (said: string) => {
    setHand(null);
    setTarget(null);
    setSaid(said);
  };
  const putBack = () => hand && letGo(d.cancelled(titleOf(hand.id)));

  const putDown = (rect: DOMRect | null, target = now.current.target) => {
    const { board, hand } = now.current;
    setHand(null);
    setTarget(null);
    if (!hand || !target) return;
    if (isBack(hand.home, slotOf(board, hand.id), target)) return setSaid(d.cancelled(titleOf(hand.id)));
    drop(hand.id, rect);
    setSaid(d.dropped(titleOf(hand.id), stageName(target.stageId)));
    // From where it was taken: whoever moved it meanwhile is not overruled.
    onMove(hand.id, hand.home.stageId, target, neighbour(board, target, hand.id));
  };

  // What is not on the board any more cannot be put down.
  const from = hand && slotOf(board, hand.id)?.stageId;
  const gone = hand !== null && !from;
  useLayoutEffect(() => {
    if (gone) letGo(d.gone);
  }, [gone]);

  // Escape ends what keys began, wherever the focus went meanwhile.
  const giveUp = useRef(putBack);
  giveUp.current = putBack;
  const byKeys = hand?.by === 'keys';
  useEffect(() => {
    if (!byKeys) return;
    const press = (event: globalThis.KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      event.preventDefault();
      event.stopPropagation();
      giveUp.current();
    };
    window.addEventListener('keydown', press, true);
    return () => window.removeEventListener('keydown', press, true);
  }, [byKeys]);

  const press = (event: KeyboardEvent) => {
    const id = (event.target as HTMLElement).dataset.title;
    if (!id || event.altKey) return;
    if (selection && !hand && select(selection, board, id, event)) return setSaid(t.bulk.say(countOf(selection.snapshot(), board)));
    if (!hand && opensMenu(event) && openMenu(event.target as HTMLElement)) return event.preventDefault();
    if (event.ctrlKey || event.metaKey) return;
    const direction = directionOf(event);
    if (hand?.by === 'keys') {
      if (event.key === ' ' || event.key === 'Enter') putDown(null);
      else if (direction && target) {
        const next = step(board, target, hand.id, direction);
        setTarget(next);
        root.current?.querySelector(`[data-column="${next.stageId}"]`)?.scrollIntoView({ inline: 'nearest', block: 'nearest' });
        setSaid(d.over(titleOf(hand.id), stageName(next.stageId), next.index + 1, others(board, next.stageId, hand.id).length + 1));
      } else if (event.key !== 'Tab') return;
    } else if (event.key === ' ' && movable) lift(id, 'keys');
    else if (direction) walk(root.current!, event.target as HTMLElement, direction);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  const onDragStart = ({ active }: DragStartEvent) => lift(String(active.id), 'pointer');
  // A pointer and a list that scrolls below it tell of themselves more often than a frame is made.
  const onDragMove = ({ active }: DragMoveEvent) => {
    aiming.current ||= requestAnimationFrame(() => {
      aiming.current = 0;
      const slot = slotUnder(root.current, now.current.board, active);
      if (now.current.hand && slot && !sameSlot(slot, now.current.target)) setTarget(slot);
    });
  };
  const onDragEnd = ({ active }: DragEndEvent) => {
    const slot = aiming.current ? slotUnder(root.current, now.current.board, active) : null;
    cancelAnimationFrame(aiming.current);
    aiming.current = 0;
    putDown(asRect(active.rect.current.translated), slot ?? undefined);
  };

  return (
    <DndContext sensors={sensors} collisionDetection={columnUnder} onDragStart={onDragStart} onDragMove={onDragMove} onDragCancel={putBack}
      onDragEnd={onDragEnd} accessibility={{ announcements: silent, container: document.body }} autoScroll={{ threshold: { x: 0.12, y: 0.16 } }}>
      <div className={css.board} ref={root} onKeyDown={press} onFocus={stops.onFocus} onBlur={stops.onBlur} role="group" aria-label={t.board.label(board.pipeline.name)} aria-busy={drawn < stages.length} data-board data-dragging={hand ? '' : undefined} data-selecting={selecting ? '' : undefined}>
        {stages.map((stage, i) => {
          const column = board.columns.get(stage.id);
          return (
            column && (
              <BoardColumn key={stage.id} stage={stage} column={column} stop={stops.of(stage.id)} hand={stage.id === from || stage.id === target?.stageId ? hand : null}
                target={stage.id === target?.stageId ? target.index : null} stuck={stuck.has(stage.id)} waits={i >= drawn} onMore={onMore} onAdd={onAdd} onOpen={onOpen} menu={menu} movable={movable} selection={selection} />
            )
          );
        })}
      </div>
      <p id="drag-instructions" hidden>{d.instructions}</p>
      <p className="hidden-visually" role="status" aria-live="assertive">{said}</p>
      {createPortal(
        <DragOverlay dropAnimation={null}>{hand?.by === 'pointer' && <div className={css.lifted}><CardFace id={hand.id} title={plainTitle} /></div>}</DragOverlay>,
        document.body,
      )}
    </DndContext>
  );
}

/** The board says itself what happens, with stages and places. */
const silent = { onDragStart: () => undefined, onDragOver: () => undefined, onDragMove: () => undefined, onDragEnd: () => undefined, onDragCancel: () => undefined };

/** columnUnder tells which column scrolls when the pointer comes near its top or bottom; where the card goes slotUnder says. */
const columnUnder: CollisionDetection = ({ droppableRects, pointerCoordinates }) => {
  const column = pointerCoordinates && columnAt([...droppableRects].map(([id, rect]) => ({ id: String(id), rect })), pointerCoordinates.x);
  return column ? [{ id: column.id }] : [];
};

const never = () => () => undefined;

/** useTurns has the columns drawn one after another, so that opening a board holds nothing up; it tells how many are. */
function useTurns(count: number): number {
  const [drawn, setDrawn] = useState(0);
  useEffect(() => {
    if (drawn < count) startTransition(() => setDrawn(drawn + 1));
  }, [drawn, count]);
  return drawn;
}

/** slotUnder is the slot below a card in the hand, by its middle. */
function slotUnder(root: HTMLElement | null, board: Replica, { id, rect }: Active): Slot | null {
  const held = rect.current.translated;
  const column = held && root && columnAt(boxes(root, 'column'), held.left + held.width / 2);
  return column && { stageId: column.id, index: indexAt(boxes(column.element, 'card'), others(board, column.id, String(id)), centre(held)) };
}

const boxes = (root: HTMLElement, what: 'column' | 'card') =>
  [...root.querySelectorAll<HTMLElement>(`[data-${what}]`)].map((element) => ({ element, id: element.dataset[what]!, rect: element.getBoundingClientRect() }));

function asRect(rect: { left: number; top: number; width: number; height: number } | null): DOMRect | null {
  return rect && new DOMRect(rect.left, rect.top, rect.width, rect.height);
}
