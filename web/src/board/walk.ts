import type { KeyboardEvent } from 'react';
import type { Replica } from '../live/replica';
import type { Selection } from './selection';
import { centre, type Direction } from './slot';

/** directionOf is where an arrow key points, on the board of those who read from either side. */
export function directionOf(event: KeyboardEvent): Direction | null {
  const rtl = getComputedStyle(event.currentTarget).direction === 'rtl';
  const directions: Record<string, Direction> = { ArrowUp: 'up', ArrowDown: 'down', ArrowLeft: rtl ? 'forth' : 'back', ArrowRight: rtl ? 'back' : 'forth' };
  return directions[event.key] ?? null;
}

/** select chooses by keys: X this card, Shift with up and down a range, Ctrl+A the whole stage. */
export function select(selection: Selection, board: Replica, id: string, event: KeyboardEvent): boolean {
  const title = event.target as HTMLElement;
  const stageId = title.closest<HTMLElement>('[data-column]')?.dataset.column ?? '';
  const ids = board.columns.get(stageId)?.ids ?? [];
  const held = event.ctrlKey || event.metaKey;
  if (held && event.key === 'a') selection.stage(stageId, ids, !selection.snapshot().stages.has(stageId));
  else if (event.shiftKey && (event.key === 'ArrowUp' || event.key === 'ArrowDown')) {
    selection.reach(id, stageId, ids);
    walk(event.currentTarget as HTMLElement, title, event.key === 'ArrowUp' ? 'up' : 'down');
    const next = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.title : undefined;
    if (next) selection.reach(next, stageId, ids);
  } else if (!held && event.key === 'x') selection.toggle(id, stageId);
  else return false;
  event.preventDefault();
  event.stopPropagation();
  return true;
}

export const opensMenu = ({ key, shiftKey }: KeyboardEvent) => key === '.' || key === 'ContextMenu' || (shiftKey && key === 'F10');

/** openMenu opens the menu of a card. */
export function openMenu(title: HTMLElement): boolean {
  const button = title.closest('[data-card]')?.querySelector<HTMLElement>('[data-actions]');
  button?.click();
  return button != null;
}

/** walk goes from card to card: up and down in a column, or to the card beside it in the next column that has one. */
export function walk(root: HTMLElement, from: HTMLElement, direction: Direction) {
  const titles = (column: Element | null) => [...(column?.querySelectorAll<HTMLElement>('[data-title]') ?? [])];
  let column: Element | null = from.closest('[data-column]');
  const middle = centre(from.getBoundingClientRect());
  if (direction === 'up' || direction === 'down') {
    const all = titles(column);
    all[all.indexOf(from) + (direction === 'up' ? -1 : 1)]?.focus();
    return;
  }
  do column = (direction === 'forth' ? column?.nextElementSibling : column?.previousElementSibling) ?? null;
  while (column && titles(column).length === 0);
  if (!column || !root.contains(column)) return;
  const distance = (title: HTMLElement) => Math.abs(centre(title.getBoundingClientRect()) - middle);
  titles(column).reduce((best, title) => (distance(title) < distance(best) ? title : best)).focus();
}
