import type { FlowOfQuery } from '../gql/types';

export type Flow = FlowOfQuery['flow'];

/** How wide and how high a stage is drawn. */
export const WIDE = 190;
export const TALL = 136;
/** Between two columns of stages, and from one row to the next but one. */
export const GAP = 120;
export const HIGH = 380;
/** From one row to the next where it is narrow: what two ways say has room between them. */
const ROW = TALL + 44;

export interface Spot {
  x: number;
  y: number;
}

/**
 * place puts stages where the eye expects them: open ones from the left to the right in board order, what is won and what
 * is lost behind them, one below the other. Where it is narrow they go from the top down.
 */
export function place(nodes: Flow['nodes'], narrow = false): Map<string, Spot> {
  const open = nodes.filter(({ stage }) => stage.kind === 'OPEN');
  const ends = nodes.filter(({ stage }) => stage.kind !== 'OPEN');
  if (narrow) {
    const beside = WIDE + 0.6 * GAP;
    return new Map([
      ...open.map(({ stage }, i): [string, Spot] => [stage.id, { x: (i % 2) * beside, y: i * ROW }]),
      ...ends.map(({ stage }, i): [string, Spot] => [stage.id, { x: (i % 2) * beside, y: (open.length + Math.floor(i / 2)) * ROW }]),
    ]);
  }
  const at = new Map(open.map(({ stage }, i): [string, Spot] => [stage.id, { x: i * (WIDE + GAP), y: i % 2 === 0 ? 0 : HIGH / 2 }]));
  ends.forEach(({ stage }, i) => at.set(stage.id, { x: open.length * (WIDE + GAP), y: (i - (ends.length - 1) / 2) * HIGH + HIGH / 4 }));
  return at;
}

/** A way from stage to stage is one cubic curve: where it begins, what bends it, where it ends. */
export type Curve = readonly [Spot, Spot, Spot, Spot];

/** curveOf leads from the side of one stage to the facing side of another. There and back are two ways beside each other. */
export function curveOf(from: Spot, to: Spot, narrow = false): Curve {
  const [across, down] = [Math.abs(from.x - to.x) >= WIDE, Math.abs(from.y - to.y) >= TALL];
  const right = to.x > from.x;
  // Between two that stand close there is no room to say anything: the way goes below them.
  if (narrow && !down) {
    const [bend, dock] = right ? [60, 0.25] : [100, 0.75];
    const [start, end] = [from, to].map(({ x, y }) => ({ x: x + WIDE * dock, y: y + TALL })) as [Spot, Spot];
    return [start, { x: start.x, y: start.y + bend }, { x: end.x, y: end.y + bend }, end];
  }
  if (across && !narrow) {
    const dock = TALL * (right ? 0.35 : 0.65);
    const [start, end] = [{ x: from.x + (right ? WIDE : 0), y: from.y + dock }, { x: to.x + (right ? 0 : WIDE), y: to.y + dock }];
    const bend = Math.max(30, Math.abs(end.x - start.x) / 2) * (right ? 1 : -1);
    return [start, { x: start.x + bend, y: start.y }, { x: end.x - bend, y: end.y }, end];
  }
  const below = to.y > from.y;
  const dock = WIDE * (below ? 0.25 : 0.75);
  const [start, end] = [{ x: from.x + dock, y: from.y + (below ? TALL : 0) }, { x: to.x + dock, y: to.y + (below ? 0 : TALL) }];
  const bend = Math.max(20, Math.abs(end.y - start.y) / 2) * (below ? 1 : -1);
  return [start, { x: start.x, y: start.y + bend }, { x: end.x, y: end.y - bend }, end];
}

export const drawn = ([a, b, c, d]: Curve) => `M${a.x},${a.y} C${b.x},${b.y} ${c.x},${c.y} ${d.x},${d.y}`;

/** pointOn is a point of a curve, from 0 at its beginning to 1 at its end. */
export function pointOn(curve: Curve, t: number): Spot {
  const parts = [(1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t ** 3];
  const sum = (axis: 'x' | 'y') => curve.reduce((total, spot, i) => total + parts[i]! * spot[axis], 0);
  return { x: sum('x'), y: sum('y') };
}

/** Something that takes room: its left upper corner and its size. */
export interface Box extends Spot {
  width: number;
  height: number;
}

export const meet = (a: Box, b: Box, least = 0) =>
  a.x < b.x + b.width + least && b.x < a.x + a.width + least && a.y < b.y + b.height + least && b.y < a.y + a.height + least;

/** How high what a way says is. */
export const LINE = 20;

/** lengthOf is about how wide a text is drawn there, rather too wide than too narrow. */
export const lengthOf = (text: string) => [...text].reduce((sum, sign) => sum + (sign.codePointAt(0)! > 0x2e7f ? 13 : 6.5), 20);

/** Where on its way a text may stand, best first: the middle, then on either side of it, then beside the way. */
const along = Array.from({ length: 37 }, (_, i) => 0.5 + (i % 2 ? 1 : -1) * Math.ceil(i / 2) * 0.025);
/** In widths and in heights of the text. */
const beside = [[0, 0], [0, 0.65], [0, -0.65], [0.55, 0], [-0.55, 0], [0, 1.3], [0, -1.3], [0.55, 0.65], [-0.55, 0.65], [0.55, -0.65], [-0.55, -0.65], [0, 2], [0, -2]] as const;

/**
 * apart finds a place on its way for what each says, so that none lies on another or on a stage. Short ways have few
 * places, so they choose first; null: there is no room on the way, and the table has to say it.
 */
export function apart(ways: readonly { curve: Curve; text: string }[], stages: readonly Spot[]): (Box | null)[] {
  const taken: Box[] = stages.map(({ x, y }) => ({ x, y, width: WIDE, height: TALL }));
  const found = ways.map((): Box | null => null);
  for (const i of ways.map((_, i) => i).sort((a, b) => far(ways[a]!.curve) - far(ways[b]!.curve))) {
    const { curve, text } = ways[i]!;
    const box = placesOn(curve, lengthOf(text)).find((box) => !taken.some((other) => meet(box, other, 3)));
    if (box) taken.push((found[i] = box));
  }
  return found;
}

const far = ([from, , , to]: Curve) => Math.hypot(to.x - from.x, to.y - from.y);

/** placesOn are the places that a text could have on a way, best first. */
const placesOn = (curve: Curve, width: number) => beside.flatMap(([right, down]) =>
  along.map((t): Box => {
    const { x, y } = pointOn(curve, t);
    return { x: x + (right - 0.5) * width, y: y + (down - 0.5) * LINE, width, height: LINE };
  }));

/** thickness says by its width how many went, in comparison. */
export const thickness = (count: number, most: number) => (most === 0 ? 1 : 1 + 5 * Math.sqrt(count / most));

/** rangeOf is the calendar of a preset: days, today included. */
export function rangeOf(days: number, today: string): { from: string; to: string } {
  const from = new Date(today + 'T00:00:00Z');
  from.setUTCDate(from.getUTCDate() - days + 1);
  return { from: from.toISOString().slice(0, 10), to: today };
}
