import { useLayoutEffect, useRef, type RefObject } from 'react';
import type { BoardFeed } from '../live/feed';
import type { Replica } from '../live/replica';
import { originOf } from './origin';

interface Place {
  rect: DOMRect;
  column: string;
}

/** A list has cards above and below what it shows; nobody sees them travel. */
const seen = ({ top, bottom }: DOMRect, within: DOMRect) => bottom > within.top && top < within.bottom;

const calm = window.matchMedia('(prefers-reduced-motion: reduce)');
const timing: KeyframeAnimationOptions = { duration: 260, easing: 'cubic-bezier(0.2, 0.7, 0.2, 1)' };

/**
 * useGlide lets cards glide from where they were to where they are. Before a change the places of all cards in view are
 * noted, after it those that are elsewhere travel: inside a column the card itself, between columns a copy above the board.
 * Changes of one frame are one journey: places are read once before them and once after, and only then is anything set off.
 */
export function useGlide(root: RefObject<HTMLElement | null>, feed: BoardFeed, board: Replica | null) {
  const before = useRef(new Map<string, Place>());
  const dropped = useRef<{ id: string; rect: DOMRect } | null>(null);
  const frame = useRef(0);

  useLayoutEffect(
    () =>
      feed.on((event) => {
        if (event.type !== 'shuffle' || frame.current || calm.matches || document.hidden) return;
        before.current = new Map([...cards(root.current)].map(([id, element]) => [id, { rect: element.getBoundingClientRect(), column: columnOf(element) }]));
      }),
    [feed, root],
  );

  useLayoutEffect(() => {
    if (before.current.size === 0 || frame.current) return;
    // The lists place their cards right after this.
    frame.current = requestAnimationFrame(() => {
      const [places, hand] = [before.current, dropped.current];
      [before.current, dropped.current, frame.current] = [new Map(), null, 0];
      const journeys: (() => void)[] = [];
      const within = root.current?.getBoundingClientRect();
      for (const [id, element] of cards(root.current)) {
        const outside = hand?.id === id ? hand.rect : originOf(id);
        const from = outside ? { rect: outside, column: '' } : places.get(id);
        if (!from) continue;
        const to = element.getBoundingClientRect();
        const [x, y] = [from.rect.left - to.left, from.rect.top - to.top];
        if (Math.abs(x) + Math.abs(y) < 4 || !within || !(seen(from.rect, within) || seen(to, within))) continue;
        if (from.column !== columnOf(element)) journeys.push(() => fly(element, from.rect, to));
        else journeys.push(() => element.animate([{ translate: `${x}px ${y}px` }, { translate: '0 0' }], timing));
      }
      journeys.forEach((begin) => begin());
    });
  }, [board, root]);

  /** drop tells from where on the card that was in the hand travels. */
  return (id: string, rect: DOMRect | null) => {
    dropped.current = rect && { id, rect };
  };
}

function* cards(root: HTMLElement | null): Generator<[string, HTMLElement]> {
  for (const element of root?.querySelectorAll<HTMLElement>('[data-card]') ?? []) yield [element.dataset.card!, element];
}

function columnOf(element: Element): string {
  return element.closest<HTMLElement>('[data-column]')?.dataset.column ?? '';
}

/** fly sends a copy from one rectangle to another while the card itself waits unseen. */
function fly(card: HTMLElement, from: DOMRect, to: DOMRect) {
  const copy = card.cloneNode(true) as HTMLElement;
  copy.removeAttribute('data-card');
  copy.setAttribute('aria-hidden', 'true');
  copy.inert = true;
  Object.assign(copy.style, { position: 'fixed', insetInlineStart: 'auto', left: `${to.left}px`, top: `${to.top}px`, width: `${to.width}px`, margin: '0', zIndex: '30', pointerEvents: 'none' });
  document.body.append(copy);
  const wait = card.animate([{ opacity: 0 }, { opacity: 0 }], timing);
  const flight = copy.animate([{ translate: `${from.left - to.left}px ${from.top - to.top}px` }, { translate: '0 0' }], timing);
  const land = () => {
    copy.remove();
    wait.cancel();
  };
  flight.onfinish = land;
  flight.oncancel = land;
}
