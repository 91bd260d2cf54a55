import { expect, it } from 'vitest';
import { GAP, WIDE, apart, place, rangeOf, spot, thickness, type Flow } from './place';

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

it('what a way says stands in a gap between two columns, on the way', () => {
  const column = (n: number) => n * (WIDE + GAP);
  const inGap = (x: number) => x % (WIDE + GAP) > WIDE;
  for (const columns of [1, 2, 3, 4]) {
    const { x, y } = spot({ sourceX: WIDE, sourceY: 0, targetX: column(columns), targetY: 100 }, false, 50);
    expect(inGap(x)).toBe(true);
    expect(x).toBeLessThan(column(columns));
    expect(y).toBeGreaterThan(0);
    expect(y).toBeLessThan(100);
  }
  expect(spot({ sourceX: WIDE, sourceY: 0, targetX: column(1), targetY: 100 }, false, 50).y).toBeCloseTo(50);
  const back = spot({ sourceX: column(3) + WIDE, sourceY: 0, targetX: 0, targetY: 100 }, true, 50);
  expect(inGap(back.x)).toBe(true);
  expect(back.y).toBe(50);
});

it('what two ways say does not lie on each other in one gap', () => {
  const gap = WIDE + GAP / 2;
  expect(apart([{ x: gap, y: 10 }, { x: gap, y: 0 }, { x: gap, y: 100 }, { x: gap + WIDE + GAP, y: 10 }], 24)).toEqual([14, 0, 0, 0]);
  expect(apart([{ x: gap, y: 0 }, { x: gap, y: 0 }, { x: gap, y: 0 }], 24)).toEqual([0, 24, 48]);
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
