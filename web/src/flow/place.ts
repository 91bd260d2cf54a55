import type { FlowOfQuery } from '../gql/types';

export type Flow = FlowOfQuery['flow'];

export const WIDE = 210;
export const GAP = 110;
export const HIGH = 300;

/**
 * place puts stages where the eye expects them: open ones from the left to the right in board order, what is won and what
 * is lost behind them, one below the other.
 */
export function place(nodes: Flow['nodes']): Map<string, { x: number; y: number }> {
  const open = nodes.filter(({ stage }) => stage.kind === 'OPEN');
  const ends = nodes.filter(({ stage }) => stage.kind !== 'OPEN');
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
