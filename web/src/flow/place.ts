import type { FlowOfQuery } from '../gql/types';

export type Flow = FlowOfQuery['flow'];

export const WIDE = 190;
export const GAP = 100;
export const HIGH = 340;
/** About how high a stage is drawn. */
const TALL = 120;

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

/** endsOf is where a way between two stages begins and ends, as far as is known before they are drawn. */
export function endsOf(from: { x: number; y: number }, to: { x: number; y: number }): Ends {
  return { sourceX: from.x + WIDE, sourceY: from.y + TALL / 2, targetX: to.x, targetY: to.y + TALL / 2 };
}

interface Ends {
  sourceX: number;
  sourceY: number;
  targetX: number;
  targetY: number;
}

/** spot is where what a way says stands: on the way, in the gap between two columns, so that no stage lies on it. `middle` is where it turns when it goes back. */
export function spot({ sourceX, sourceY, targetX, targetY }: Ends, back: boolean, middle: number): { x: number; y: number } {
  if (back) return { x: sourceX - WIDE - GAP / 2, y: middle };
  const distance = targetX - sourceX;
  const columns = Math.max(1, Math.round((distance + WIDE) / (WIDE + GAP)));
  const x = sourceX + GAP / 2 + Math.floor((columns - 1) / 2) * (WIDE + GAP);
  // The way is a cubic curve that grows along x: halving finds the part of it that lies before x.
  let [low, high] = [0, 1];
  for (let i = 0; i < 20; i++) {
    const t = (low + high) / 2;
    if (sourceX + distance * (1.5 * t - 1.5 * t * t + t * t * t) < x) low = t;
    else high = t;
  }
  return { x, y: sourceY + (targetY - sourceY) * (3 * low * low - 2 * low ** 3) };
}

/** apart says how far each of these must go down so that none lies on another in its gap. */
export function apart(spots: readonly { x: number; y: number }[], least = 24): number[] {
  const shifts = spots.map(() => 0);
  const lowest = new Map<number, number>();
  for (const i of spots.map((_, i) => i).sort((a, b) => spots[a]!.y - spots[b]!.y)) {
    const { x, y } = spots[i]!;
    const gap = Math.floor(x / (WIDE + GAP));
    const free = Math.max(y, (lowest.get(gap) ?? -Infinity) + least);
    shifts[i] = free - y;
    lowest.set(gap, free);
  }
  return shifts;
}

/** thickness says by its width how many went, in comparison. */
export const thickness = (count: number, most: number) => (most === 0 ? 1 : 1 + 5 * Math.sqrt(count / most));

/** rangeOf is the calendar of a preset: days, today included. */
export function rangeOf(days: number, today: string): { from: string; to: string } {
  const from = new Date(today + 'T00:00:00Z');
  from.setUTCDate(from.getUTCDate() - days + 1);
  return { from: from.toISOString().slice(0, 10), to: today };
}
