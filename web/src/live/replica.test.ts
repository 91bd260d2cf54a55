import { describe, expect, it } from 'vitest';
import { apply, extend, foresee, fromSnapshot, hasMore, where, type Commit, type Replica, type Snapshot } from './replica';

const pipeline = (...stages: string[]) => ({ id: 'pip', name: 'P', stages: stages.map((id) => ({ id })) }) as unknown as Replica['pipeline'];
const totals = (stageId: string, count: number) => ({ __typename: 'ColumnTotals' as const, stageId, count, amounts: [] });

function snapshot(columns: Record<string, string[]>, counts: Record<string, number> = {}): Replica {
  return fromSnapshot({
    __typename: 'BoardSnapshot', revision: '7',
    board: {
      pipeline: pipeline(...Object.keys(columns)),
      columns: Object.entries(columns).map(([id, ids]) => ({
        stage: { id }, totals: totals(id, counts[id] ?? ids.length),
        cards: { nodes: ids.map((id) => ({ id })), pageInfo: { hasNextPage: false, endCursor: 'c' } },
      })),
    },
  } as unknown as Snapshot);
}

type Change = Partial<Commit['cards'][number]>;
const commit = (cards: Change[], rest: Partial<Commit> = {}) =>
  ({ __typename: 'BoardCommit', revision: '8', columns: [], pipeline: null, ...rest, cards: cards.map((c) => ({ changedFields: [], afterRecordId: null, ...c })) }) as unknown as Commit;
const show = (r: Replica) => Object.fromEntries([...r.columns].map(([id, { ids }]) => [id, ids.join(' ')]));

describe('a commit', () => {
  it('puts a moved card below its neighbour, and takes it away from where it was', () => {
    const r = apply(snapshot({ a: ['1', '2'], b: ['3'] }), commit([{ kind: 'MOVED', recordId: '1', stageId: 'b', afterRecordId: '3' }]));
    expect(show(r)).toEqual({ a: '2', b: '3 1' });
    expect(r.revision).toBe('8');
  });

  it('puts a card without a neighbour on top', () => {
    expect(show(apply(snapshot({ a: ['1'] }), commit([{ kind: 'ENTERED', recordId: '9', stageId: 'a' }])))).toEqual({ a: '9 1' });
  });

  it('applies its cards in the order given', () => {
    const r = apply(snapshot({ a: ['1', '2', '3'], b: [] }), commit([
      { kind: 'MOVED', recordId: '3', stageId: 'b' },
      { kind: 'MOVED', recordId: '1', stageId: 'b', afterRecordId: '3' },
      { kind: 'LEFT', recordId: '2' },
    ]));
    expect(show(r)).toEqual({ a: '', b: '3 1' });
  });

  it('drops a card that goes beyond the pages held, and takes the totals as they are', () => {
    const r = apply(snapshot({ a: ['1', '2'] }, { a: 40 }), commit([{ kind: 'MOVED', recordId: '1', stageId: 'a', afterRecordId: '30' }], { columns: [totals('a', 41)] }));
    expect(show(r)).toEqual({ a: '2' });
    expect(hasMore(r.columns.get('a')!)).toBe(true);
    expect(r.columns.get('a')!.totals.count).toBe(41);
  });

  it('follows the stages of the pipeline', () => {
    const r = apply(snapshot({ a: ['1'], b: ['2'] }), commit([{ kind: 'MOVED', recordId: '2', stageId: 'c' }], { pipeline: pipeline('a', 'c') as never, columns: [totals('c', 1)] }));
    expect(show(r)).toEqual({ a: '1', c: '2' });
  });

  it('shares what it does not touch', () => {
    const before = snapshot({ a: ['1'], b: ['2'] });
    const after = apply(before, commit([{ kind: 'LEFT', recordId: '1' }]));
    expect(after.columns.get('b')).toBe(before.columns.get('b'));
  });

  it('begins a column anew from the top when places were given anew', () => {
    const r = apply(snapshot({ a: ['1', '2'] }, { a: 9 }), commit([{ kind: 'UPDATED', recordId: '1', stageId: 'a', changedFields: ['rank'] }]));
    expect(r.columns.get('a')!.cursor).toBeNull();
  });
});

describe('a move foreseen', () => {
  it('shows at once and changes the counts', () => {
    const r = foresee(snapshot({ a: ['1', '2'], b: ['3'] }), { recordId: '1', stageId: 'b', afterId: null });
    expect(show(r)).toEqual({ a: '2', b: '1 3' });
    expect([...r.columns.values()].map((c) => c.totals.count)).toEqual([1, 2]);
  });

  it('inside a column leaves the counts', () => {
    const r = foresee(snapshot({ a: ['1', '2', '3'] }), { recordId: '1', stageId: 'a', afterId: '3' });
    expect(show(r)).toEqual({ a: '2 3 1' });
    expect(r.columns.get('a')!.totals.count).toBe(3);
  });

  it('into a stage that is gone changes nothing', () => {
    const before = snapshot({ a: ['1'] });
    expect(foresee(before, { recordId: '1', stageId: 'x', afterId: null })).toBe(before);
  });
});

it('a page is added below what is held, each card once', () => {
  const r = extend(snapshot({ a: ['1', '2'] }, { a: 4 }), 'a', ['2', '3', '4'], 'next');
  expect(show(r)).toEqual({ a: '1 2 3 4' });
  expect(hasMore(r.columns.get('a')!)).toBe(false);
  expect(where(r, '4')).toBe('a');
  expect(where(r, '5')).toBeNull();
});
