import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState, type FocusEvent, type RefObject } from 'react';
import type { Replica } from '../live/replica';
import { slotOf } from './slot';

/** What opens above the board and gives the focus back. */
const ABOVE = '[role=dialog], [role=alertdialog], [role=menu]';

/**
 * useStops knows to which card of a column Tab comes: the one visited last, so that a board has a stop for each column and
 * not for each card. A card that has the focus keeps it when it is moved, whoever moves it; when it leaves the board, the
 * one that takes its place has it. The focus is never taken from where somebody brought it.
 */
export function useStops(root: RefObject<HTMLElement | null>, board: Replica) {
  const [visited, setVisited] = useState<{ last: string; in: ReadonlyMap<string, string> }>({ last: '', in: new Map() });
  const focused = useRef<string | null>(null);
  const before = useRef(board);

  const stops = useMemo(
    () => new Map([...board.columns.values()].map(({ stageId, ids }) => [stageId, [visited.last, visited.in.get(stageId)].find((id) => id && ids.includes(id)) ?? null])),
    [board, visited],
  );

  useEffect(() => {
    const see = ({ target }: globalThis.FocusEvent) => {
      if (target instanceof Element && !root.current?.contains(target) && !target.closest(ABOVE)) focused.current = null;
    };
    document.addEventListener('focusin', see);
    return () => document.removeEventListener('focusin', see);
  }, [root]);

  useLayoutEffect(() => {
    const was = before.current;
    before.current = board;
    const id = focused.current;
    if (!id || document.activeElement !== document.body) return;
    const slot = slotOf(board, id) ? null : slotOf(was, id);
    const ids = slot ? (board.columns.get(slot.stageId)?.ids ?? []) : [id];
    const next = ids[Math.min(slot?.index ?? 0, ids.length - 1)];
    root.current?.querySelector<HTMLElement>(`[data-title="${next}"]`)?.focus();
  }, [board, root]);

  return {
    of: (stageId: string) => stops.get(stageId) ?? null,
    // What is drawn above the board by one of its cards tells of itself here too.
    onFocus: useCallback(
      ({ target }: FocusEvent) => {
        if (!root.current?.contains(target)) return;
        const id = target.closest<HTMLElement>('[data-card]')?.dataset.card ?? null;
        focused.current = id;
        const stageId = target.closest<HTMLElement>('[data-column]')?.dataset.column;
        if (id && stageId) setVisited((now) => (now.last === id && now.in.get(stageId) === id ? now : { last: id, in: new Map(now.in).set(stageId, id) }));
      },
      [root],
    ),
    onBlur: useCallback(
      ({ target, relatedTarget }: FocusEvent) => {
        // A window that is left comes back to what had the focus in it.
        if (!root.current?.contains(target) || document.activeElement === target) return;
        if (!relatedTarget?.closest(ABOVE)) focused.current = null;
      },
      [root],
    ),
  };
}
