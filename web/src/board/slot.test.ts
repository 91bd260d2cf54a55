import { expect, it } from 'vitest';
import type { Replica } from '../live/replica';
import { columnAt, gapAt, indexAt, isBack, neighbour, slotOf, step } from './slot';

const board = {
  revision: '1',
  pipeline: { stages: [{ id: 'a' }, { id: 'b' }, { id: 'c' }] },
  columns: new Map([['a', ['1', '2', '3']], ['b', ['4']], ['c', []]].map(([stageId, ids]) => [stageId, { stageId, ids }])),
} as unknown as Replica;

it('a card goes step by step, and no further than the board', () => {
  const from = slotOf(board, '2')!;
  expect(from).toEqual({ stageId: 'a', index: 1 });
  expect(step(board, from, '2', 'down')).toEqual({ stageId: 'a', index: 2 });
  expect(step(board, { stageId: 'a', index: 2 }, '2', 'down')).toEqual({ stageId: 'a', index: 2 });
  expect(step(board, { stageId: 'a', index: 0 }, '2', 'up')).toEqual({ stageId: 'a', index: 0 });
  expect(step(board, from, '2', 'back')).toBe(from);
  expect(step(board, { stageId: 'a', index: 2 }, '2', 'forth')).toEqual({ stageId: 'b', index: 1 });
  expect(step(board, { stageId: 'b', index: 1 }, '2', 'forth')).toEqual({ stageId: 'c', index: 0 });
});

it('the card above a slot is never the one in the hand', () => {
  expect(neighbour(board, { stageId: 'a', index: 2 }, '2')).toBe('3');
  expect(neighbour(board, { stageId: 'a', index: 1 }, '2')).toBe('1');
  expect(neighbour(board, { stageId: 'c', index: 0 }, '2')).toBeNull();
});

it('a gap stands where the card would go, and not in its own place', () => {
  expect(gapAt(['1', '2', '3'], 1, '2')).toBeNull();
  expect(gapAt(['1', '2', '3'], 0, '2')).toBe(0);
  expect(gapAt(['1', '2', '3'], 2, '2')).toBe(3);
  expect(gapAt(['4'], 1, '2')).toBe(1);
});

it('a card is put back where it is, and where it was taken while somebody moved it; elsewhere it is moved', () => {
  const [home, there] = [{ stageId: 'a', index: 1 }, { stageId: 'b', index: 0 }];
  expect(isBack(home, home, home)).toBe(true);
  expect(isBack(home, home, there)).toBe(false);
  expect(isBack(home, there, home)).toBe(true);
  expect(isBack(home, there, { stageId: 'c', index: 0 })).toBe(false);
  expect(isBack(home, null, there)).toBe(true);
});

it('the column is the one under the middle of the card, else the nearest', () => {
  const columns = [0, 100, 200].map((left) => ({ id: String(left), rect: { left, right: left + 90, top: 0, bottom: 500 } }));
  const at = (x: number) => columnAt(columns, x)?.id;
  expect([-50, 0, 92, 98, 150, 999].map(at)).toEqual(['0', '0', '0', '100', '100', '200']);
  expect(columnAt([], 5)).toBeNull();
});

it('a card goes below those whose middle is above its own, as far as they are on the screen', () => {
  const cards = ['7', '8', 'held', '9'].map((id, i) => ({ id, rect: { left: 0, right: 90, top: i * 100, bottom: i * 100 + 80 } }));
  const others = ['5', '6', '7', '8', '9', '10'];
  expect([0, 41, 141, 241, 341, 900].map((y) => indexAt(cards, others, y))).toEqual([0, 3, 4, 4, 5, 5]);
  expect(indexAt([], others, 900)).toBe(0);
});
