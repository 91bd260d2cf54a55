import type { Replica } from '../live/replica';

/** A place on the board: before the card that has this index in the stage when the card in the hand is not counted. */
export interface Slot {
  readonly stageId: string;
  readonly index: number;
}

export const sameSlot = (a: Slot | null, b: Slot | null) => a?.stageId === b?.stageId && a?.index === b?.index;

/** others are the cards of a stage without the one in the hand. */
export function others(board: Replica, stageId: string, id: string): readonly string[] {
  return board.columns.get(stageId)?.ids.filter((other) => other !== id) ?? [];
}

/** slotOf is where a card is now; null when it is not held. */
export function slotOf(board: Replica, id: string): Slot | null {
  for (const { stageId, ids } of board.columns.values()) {
    const index = ids.indexOf(id);
    if (index >= 0) return { stageId, index };
  }
  return null;
}

/** neighbour is the card above a slot; null: the slot is on top. */
export function neighbour(board: Replica, slot: Slot, id: string): string | null {
  return others(board, slot.stageId, id)[slot.index - 1] ?? null;
}

/** isBack tells whether a card would be put where it is, or where it was taken from while somebody moved it elsewhere. */
export function isBack(home: Slot, now: Slot | null, target: Slot): boolean {
  return now === null || sameSlot(now, target) || (now.stageId !== home.stageId && sameSlot(home, target));
}

export type Direction = 'up' | 'down' | 'back' | 'forth';

/** step is the slot beside a slot, kept inside the board; `forth` is the stage that comes next, whatever side that is. */
export function step(board: Replica, slot: Slot, id: string, direction: Direction): Slot {
  const stages = board.pipeline.stages;
  const at = stages.findIndex((stage) => stage.id === slot.stageId);
  if (direction === 'up') return { ...slot, index: Math.max(0, slot.index - 1) };
  if (direction === 'down') return { ...slot, index: Math.min(others(board, slot.stageId, id).length, slot.index + 1) };
  const next = stages[at + (direction === 'forth' ? 1 : -1)];
  return next ? { stageId: next.id, index: Math.min(slot.index, others(board, next.id, id).length) } : slot;
}

/** gapAt is where a gap for the slot stands among the cards shown, the one in the hand included; null: it is in its own place. */
export function gapAt(ids: readonly string[], index: number, id: string): number | null {
  const own = ids.indexOf(id);
  if (own === index) return null;
  return own >= 0 && index > own ? index + 1 : index;
}

/** centre is the middle of something on the screen, from the top. */
export const centre = (rect: { top: number; height: number }) => rect.top + rect.height / 2;

/** A column or a card as it lies on the screen. */
export interface Box {
  readonly id: string;
  readonly rect: { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number };
}

/** columnAt is the column that has this x, or the nearest one. */
export function columnAt<T extends Box>(columns: readonly T[], x: number): T | null {
  const beside = ({ rect: { left, right } }: T) => (x < left ? left - x : x > right ? x - right : 0);
  return columns.reduce<T | null>((best, other) => (best && beside(best) <= beside(other) ? best : other), null);
}

/** indexAt is where a card goes whose middle is at this y: below all of the others whose middle is above it. */
export function indexAt(cards: readonly Box[], others: readonly string[], y: number): number {
  return Math.max(0, ...cards.filter(({ rect }) => (rect.top + rect.bottom) / 2 < y).map(({ id }) => others.indexOf(id) + 1));
}
