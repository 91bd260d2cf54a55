import type { CardFieldsFragment, PipelineFieldsFragment, TotalsFragment, WatchBoardSubscription } from '../gql/types';

/*
 * What a board shows, as far as it is held: the order of cards by their ids, and totals. The cards themselves are in the
 * cache. All of it is values; the rules are those of docs/live.md.
 */

export type Frame = WatchBoardSubscription['board'];
export type Snapshot = Extract<Frame, { __typename: 'BoardSnapshot' }>;
export type Commit = Extract<Frame, { __typename: 'BoardCommit' }>;
export type Card = CardFieldsFragment;

export interface Column {
  readonly stageId: string;
  /** The top of the column without a gap, as far as the pages loaded reach. */
  readonly ids: readonly string[];
  /** Of the whole column. */
  readonly totals: Totals;
  /** Where the next page begins; null: at the top, because places were given anew. */
  readonly cursor: string | null;
}

export type Totals = Pick<TotalsFragment, 'count' | 'amounts'>;

export interface Replica {
  readonly revision: string;
  readonly pipeline: PipelineFieldsFragment;
  readonly columns: ReadonlyMap<string, Column>;
}

/** A card's way to another place. */
export interface Move {
  readonly recordId: string;
  readonly stageId: string;
  /** The card above; null: on top. */
  readonly afterId: string | null;
}

export const hasMore = (c: Column) => c.ids.length < c.totals.count;

export function fromSnapshot({ revision, board }: Snapshot): Replica {
  const columns = board.columns.map(({ stage, totals, cards }): [string, Column] => [
    stage.id,
    { stageId: stage.id, ids: cards.nodes.map(({ id }) => id), totals, cursor: cards.pageInfo.endCursor },
  ]);
  return { revision, pipeline: board.pipeline, columns: new Map(columns) };
}

/** apply gives the board after a commit. */
export function apply(replica: Replica, commit: Commit): Replica {
  const draft = new Draft(replica);
  for (const card of commit.cards) {
    draft.take(card.recordId);
    if (card.kind !== 'LEFT' && card.stageId) draft.put(card.recordId, card.stageId, card.afterRecordId);
    if (card.changedFields.includes('rank') && card.changedFields.length === 1 && card.stageId) draft.set(card.stageId, { cursor: null });
  }
  const pipeline = commit.pipeline ?? replica.pipeline;
  const columns = draft.done();
  for (const { stageId, count, amounts } of commit.columns) {
    const held = columns.get(stageId) ?? { stageId, ids: [], cursor: null };
    columns.set(stageId, { ...held, totals: { count, amounts } });
  }
  if (commit.pipeline) {
    const stages = new Set(commit.pipeline.stages.map(({ id }) => id));
    for (const id of columns.keys()) if (!stages.has(id)) columns.delete(id);
    for (const id of stages) if (!columns.has(id)) columns.set(id, { stageId: id, ids: [], cursor: null, totals: { count: 0, amounts: [] } });
  }
  return { revision: commit.revision, pipeline, columns };
}

/** foresee gives the board as it will be once a move is made: what the hand already sees. */
export function foresee(replica: Replica, { recordId, stageId, afterId }: Move): Replica {
  const from = where(replica, recordId);
  if (!replica.columns.has(stageId)) return replica;
  const draft = new Draft(replica);
  draft.take(recordId);
  draft.put(recordId, stageId, afterId);
  const columns = draft.done();
  if (from !== stageId) {
    for (const [id, step] of [[from, -1], [stageId, 1]] as const) {
      const column = id === null ? undefined : columns.get(id);
      if (column) columns.set(column.stageId, { ...column, totals: { ...column.totals, count: column.totals.count + step } });
    }
  }
  return { ...replica, columns };
}

/** extend adds a page that was read at the board's very revision. */
export function extend(replica: Replica, stageId: string, ids: readonly string[], cursor: string | null): Replica {
  const column = replica.columns.get(stageId);
  if (!column) return replica;
  const held = new Set(column.ids);
  const columns = new Map(replica.columns);
  columns.set(stageId, { ...column, ids: [...column.ids, ...ids.filter((id) => !held.has(id))], cursor });
  return { ...replica, columns };
}

/** where tells in which column a card is held. */
export function where(replica: Replica, recordId: string): string | null {
  for (const column of replica.columns.values()) if (column.ids.includes(recordId)) return column.stageId;
  return null;
}

/** Draft changes some columns and shares the others. */
class Draft {
  private readonly columns: Map<string, Column>;

  constructor(replica: Replica) {
    this.columns = new Map(replica.columns);
  }

  take(recordId: string) {
    for (const column of this.columns.values()) {
      const at = column.ids.indexOf(recordId);
      if (at >= 0) {
        this.set(column.stageId, { ids: column.ids.toSpliced(at, 1) });
        return;
      }
    }
  }

  /** put drops a card whose upper neighbour is not held: it lies beyond the pages loaded. */
  put(recordId: string, stageId: string, afterId: string | null) {
    const column = this.columns.get(stageId) ?? { stageId, ids: [], cursor: null, totals: { count: 0, amounts: [] } };
    const at = afterId === null ? 0 : column.ids.indexOf(afterId) + 1;
    if (afterId !== null && at === 0) return;
    this.columns.set(stageId, { ...column, ids: column.ids.toSpliced(at, 0, recordId) });
  }

  set(stageId: string, change: Partial<Column>) {
    const column = this.columns.get(stageId);
    if (column) this.columns.set(stageId, { ...column, ...change });
  }

  done() {
    return this.columns;
  }
}
