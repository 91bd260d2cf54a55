import { expect, it } from 'vitest';
import type { Commit, Replica } from '../live/replica';
import { Selection, countOf, rowsOf } from './selection';

const board = {
  pipeline: { id: 'pip', stages: [{ id: 'a' }, { id: 'b' }] },
  columns: new Map([['a', ['1', '2', '3', '4'], 40], ['b', ['5'], 1]].map(([stageId, ids, count]) => [stageId, { stageId, ids, totals: { count } }])),
} as unknown as Replica;
const commit = (cards: { recordId: string; stageId: string | null }[]) => ({ cards, pipeline: null }) as unknown as Commit;

it('a range goes from the card chosen last to this one, in either direction', () => {
  const s = new Selection();
  s.toggle('3', 'a');
  s.reach('1', 'a', ['1', '2', '3', '4']);
  expect([...s.snapshot().ids].sort()).toEqual(['1', '2', '3']);
  s.reach('5', 'b', ['5']);
  expect(s.has('5', 'b')).toBe(true);
});

it('a whole stage counts what is not loaded, and single cards can be left out of it', () => {
  const s = new Selection();
  s.toggle('1', 'a');
  s.stage('a', ['1', '2', '3', '4'], true);
  expect(countOf(s.snapshot(), board)).toBe(40);
  s.toggle('2', 'a');
  s.toggle('5', 'b');
  expect(s.has('2', 'a')).toBe(false);
  expect(rowsOf(s.snapshot(), board, { priority: { eq: 'HIGH' } })).toEqual({
    expectedCount: 40,
    filter: { and: [{ pipelineId: { eq: 'pip' }, or: [{ stageId: { in: ['a'] }, not: { id: { in: ['2'] } } }, { id: { in: ['5'] } }] }, { priority: { eq: 'HIGH' } }] },
  });
  s.stage('a', ['1', '2', '3', '4'], false);
  expect(rowsOf(s.snapshot(), board, null)).toEqual({ ids: ['5'] });
});

it('what leaves the board is not chosen any more, and nothing counts twice', () => {
  const s = new Selection();
  s.toggle('5', 'b');
  s.stage('a', [], true);
  s.toggle('2', 'a');
  s.follow(commit([{ recordId: '2', stageId: 'b' }]));
  expect(countOf(s.snapshot(), board)).toBe(41);
  s.follow(commit([{ recordId: '5', stageId: 'a' }]));
  expect(countOf(s.snapshot(), board)).toBe(40);
  s.stage('a', [], false);
  s.toggle('5', 'b');
  s.follow(commit([{ recordId: '5', stageId: null }]));
  expect(countOf(s.snapshot(), board)).toBe(0);
});
