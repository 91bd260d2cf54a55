import { expect, it } from 'vitest';
import { place, rangeOf, thickness, type Flow } from './place';

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

it('a range counts its days, today included', () => {
  expect(rangeOf(7, '2026-03-03')).toEqual({ from: '2026-02-25', to: '2026-03-03' });
  expect(rangeOf(1, '2026-03-03')).toEqual({ from: '2026-03-03', to: '2026-03-03' });
});

it('the widest way is the one that most went', () => {
  expect(thickness(10, 10)).toBe(6);
  expect(thickness(1, 10)).toBeLessThan(3);
  expect(thickness(0, 0)).toBe(1);
});
