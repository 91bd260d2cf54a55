import { expect, it } from 'vitest';
import { TALL, WIDE, apart, curveOf, lengthOf, meet, place, pointOn, rangeOf, thickness, type Box, type Flow, type Spot } from './place';

const node = (id: string, kind: 'OPEN' | 'WON' | 'LOST') => ({ stage: { id, kind } }) as Flow['nodes'][number];

it('ends stand behind all open stages, and none on another', () => {
  const at = place([node('a', 'OPEN'), node('won', 'WON'), node('b', 'OPEN'), node('lost', 'LOST')]);
  expect(at.get('won')!.x).toBeGreaterThan(at.get('b')!.x);
  expect(at.get('won')!.x).toBe(at.get('lost')!.x);
  expect(new Set([...at.values()].map(({ x, y }) => `${x} ${y}`)).size).toBe(4);
});

it('where it is narrow, stages go from the top down, and no more than two side by side', () => {
  const at = place([node('a', 'OPEN'), node('b', 'OPEN'), node('won', 'WON'), node('lost', 'LOST')], true);
  expect(at.get('b')!.y).toBeGreaterThan(at.get('a')!.y);
  expect(at.get('won')!.y).toBeGreaterThan(at.get('b')!.y);
  expect(at.get('won')!.y).toBe(at.get('lost')!.y);
  const xs = [...at.values()].map(({ x }) => x);
  expect(new Set(xs).size).toBe(2);
});

it('a way leads from one stage to the facing side of the other, and back beside it', () => {
  const [a, b] = [{ x: 0, y: 0 }, { x: 400, y: 50 }];
  const [there, back] = [curveOf(a, b), curveOf(b, a)];
  expect([there[0].x, there[3].x]).toEqual([WIDE, 400]);
  expect([back[0].x, back[3].x]).toEqual([400, WIDE]);
  expect(back[3].y).not.toBe(there[0].y);
  const below = curveOf(a, { x: 0, y: 300 });
  expect([below[0].y, below[3].y]).toEqual([TALL, 300]);
  expect(pointOn(there, 0)).toEqual(there[0]);
  expect(pointOn(there, 1)).toEqual(there[3]);
  expect(pointOn(there, 0.5).x).toBeCloseTo((WIDE + 400) / 2);
});

/** said is what is placed on a board: the stages, and what each way says. */
function said(kinds: ('OPEN' | 'WON' | 'LOST')[], ways: [number, number, string][], narrow: boolean) {
  const at = [...place(kinds.map((kind, i) => node(String(i), kind)), narrow).entries()].sort(([a], [b]) => Number(a) - Number(b)).map(([, spot]) => spot);
  return { stages: at, texts: apart(ways.map(([from, to, text]) => ({ curve: curveOf(at[from]!, at[to]!, narrow), text })), at) };
}

function meetings(stages: Spot[], texts: (Box | null)[]) {
  const boxes = [...stages.map((spot) => ({ ...spot, width: WIDE, height: TALL })), ...texts.filter((box) => box !== null)];
  return boxes.flatMap((box, i) => boxes.slice(i + 1).filter((other) => meet(box, other)));
}

const sales: [number, number, string][] = [
  [0, 1, '53 · 8 days'], [0, 2, '39 · 4 days'], [1, 2, '17 · 6 days'], [2, 3, '11 · 8 days'], [0, 3, '10 · 7 days'], [0, 4, '8 · 5 days'], [2, 4, '8 · 4 days'], [0, 5, '7 · 6 days'], [2, 5, '5 · 2 days'],
  [1, 3, '4 · 6 days'], [1, 4, '4 · 6 days'], [3, 5, '4 · 3 days'], [1, 5, '4 · 3 days'], [3, 4, '2 · 10 days'], [5, 3, '2 · 3 days'], [5, 2, '2 · 10 days'], [4, 1, '1 · 0 minutes'], [5, 0, '1 · 12 hours'],
];

it.each([false, true])('what ways say lies on no stage and on nothing that another says: every way of a board of sales (narrow: %s)', (narrow) => {
  const { stages, texts } = said(['OPEN', 'OPEN', 'OPEN', 'OPEN', 'WON', 'LOST'], sales, narrow);
  expect(meetings(stages, texts)).toEqual([]);
  expect(sales.filter((_, i) => texts[i] === null)).toEqual([]);
});

it.each([false, true])('nor on a board of 20 stages with ways at random, most of which are told (narrow: %s)', (narrow) => {
  let seed = 7;
  const random = (n: number) => (seed = (seed * 48_271) % 2_147_483_647) % n;
  const ways = Array.from({ length: 120 }, (): [number, number, string] => [random(20), random(20), `${random(900)} · ${random(28)} days`]).filter(([from, to]) => from !== to);
  const { stages, texts } = said(Array.from({ length: 20 }, (_, i) => (i < 17 ? 'OPEN' : i < 18 ? 'WON' : 'LOST')), ways, narrow);
  expect(meetings(stages, texts)).toEqual([]);
  expect(texts.filter((box) => box !== null).length).toBeGreaterThan(texts.length * 0.6);
});

it('a text has as much room as its letters need', () => {
  expect(lengthOf('39 · 4 days')).toBeGreaterThan(60);
  expect(lengthOf('39 · 4 日間')).toBeGreaterThan(lengthOf('39 · 4 d'));
});

it('a range counts its days, today included', () => {
  expect(rangeOf(7, '2026-03-03')).toEqual({ from: '2026-02-25', to: '2026-03-03' });
  expect(rangeOf(1, '2026-03-03')).toEqual({ from: '2026-03-03', to: '2026-03-03' });
});

it('the widest way is the one that most went', () => {
  expect(thickness(10, 10)).toBe(6);
  expect(thickness(1, 10)).toBeLessThan(3);
  expect(thickness(0, 0)).toBe(1);
});
