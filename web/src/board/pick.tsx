import { useCallback, useEffect, useRef, useSyncExternalStore } from 'react';
import { t } from '../app/texts';
import type { BoardFeed } from '../live/feed';
import css from './pick.module.css';
import { Selection } from './selection';

/** useSelection holds what is chosen of a board, and keeps it true while the board changes. */
export function useSelection(feed: BoardFeed | null): Selection {
  const held = useRef<Selection>(null);
  held.current ??= new Selection();
  const selection = held.current;
  useEffect(() => {
    const off = feed?.on((event) => (event.type === 'commit' ? selection.follow(event.commit) : event.type === 'reset' && selection.clear()));
    // Another filter shows other cards: nothing stays chosen that is not seen.
    return () => {
      off?.();
      selection.clear();
    };
  }, [feed, selection]);
  return selection;
}

export function useChosen(selection: Selection | null, id: string, stageId: string): boolean {
  const has = useCallback(() => selection?.has(id, stageId) ?? false, [selection, id, stageId]);
  return useSyncExternalStore(selection?.subscribe ?? never, has);
}

const never = () => () => undefined;

interface PickProps {
  selection: Selection;
  stageId: string;
  /** The loaded cards of the stage, in order. */
  ids: () => readonly string[];
}

/** PickCard is the box that chooses a card. Keys choose on the card's title, so that the box is no stop of its own. */
export function PickCard({ id, title, selection, stageId, ids, chosen }: PickProps & { id: string; title: string; chosen: boolean }) {
  return (
    <input className={css.box} type="checkbox" tabIndex={-1} checked={chosen} aria-label={t.bulk.pick(title)} onChange={() => undefined}
      onMouseDown={(event) => event.stopPropagation()} onTouchStart={(event) => event.stopPropagation()}
      onClick={(event) => (event.stopPropagation(), event.shiftKey ? selection.reach(id, stageId, ids()) : selection.toggle(id, stageId))} />
  );
}

/** PickStage chooses a stage with all that is in it. */
export function PickStage({ selection, stageId, ids, name, empty }: PickProps & { name: string; empty: boolean }) {
  const chosen = useSyncExternalStore(selection.subscribe, selection.snapshot);
  const whole = chosen.stages.has(stageId);
  const some = whole ? [...chosen.except.values()].includes(stageId) : chosen.ids.size > 0 && ids().some((id) => chosen.ids.has(id));
  return (
    <input className={css.stage} type="checkbox" disabled={empty} checked={whole && !some} ref={(box) => void (box && (box.indeterminate = some))} aria-label={t.bulk.pickStage(name)}
      onChange={() => selection.stage(stageId, ids(), !whole)} />
  );
}
