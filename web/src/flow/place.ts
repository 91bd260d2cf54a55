import type { FlowOfQuery } from '../gql/types';

export type Flow = FlowOfQuery['flow'];

export const WIDE = 190;
export const GAP = 100;
export const HIGH = 340;

/**
 * place puts stages where the eye expects them: open ones from the left to the right in board order, what is won and what
 * is lost behind them, one below the other. Where it is narrow they go from the top down.
 */
export function place(nodes: Flow['nodes'], narrow = false): Map<string, { x: number; y: number }> {
  const open = nodes.filter(({ stage }) => stage.kind === 'OPEN');
  const ends = nodes.filter(({ stage }) => stage.kind !== 'OPEN');
  if (narrow) {
    const beside = WIDE + 0.7 * GAP;
    return new Map([
      ...open.map(({ stage }, i): [string, { x: number; y: number }] => [stage.id, { x: (i % 2) * beside, y: (i * HIGH) / 3 }]),
      ...ends.map(({ stage }, i): [string, { x: number; y: number }] => [stage.id, { x: (i % 2) * beside, y: ((open.length + Math.floor(i / 2) * 2 + 1) * HIGH) / 3 }]),
    ]);
  }
  const at = new Map(open.map(({ stage }, i): [string, { x: number; y: number }] => [stage.id, { x: i * (WIDE + GAP), y: i % 2 === 0 ? 0 : HIGH / 2 }]));
  ends.forEach(({ stage }, i) => at.set(stage.id, { x: open.length * (WIDE + GAP), y: (i - (ends.length - 1) / 2) * HIGH + HIGH / 4 }));
  return at;
}

/** thickness says by its width how many went, in comparison. */
export const thickness = (count: number, most: number) => (most === 0 ? 1 : 1 + 5 * Math.sqrt(count / most));

/** rangeOf is the calendar of a preset: days, today included. */
export function rangeOf(days: number, today: string): { from: string; to: string } {
  const from = new Date(today + 'T00:00:00Z');
  from.setUTCDate(from.getUTCDate() - days + 1);
  return { from: from.toISOString().slice(0, 10), to: today };
}
