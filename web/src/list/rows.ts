import type { ApolloClient } from '@apollo/client';
import { problemOf, type Problem } from '../app/problem';
import { CardFields } from '../gql/board';
import { ListRows, RowFields } from '../gql/list';
import type { RecordOrder, RowFieldsFragment } from '../gql/types';
import type { BoardFeed, FeedEvent } from '../live/feed';

export type Row = RowFieldsFragment;

export interface RowsState {
  /** The top of the list without a gap, as far as it is loaded. */
  readonly ids: readonly string[];
  readonly total: number;
  readonly hasMore: boolean;
  readonly phase: 'loading' | 'ready' | 'failed';
  readonly problem: Problem | null;
}

const PAGE = 100;
const MOST = 200;

/** Which fields of a record an order depends on. Times that every change moves are not named by frames. */
const orderedBy: Record<string, readonly string[]> = {
  STAGE: ['stage', 'stageId'], TITLE: ['title'], OWNER_NAME: ['owner', 'ownerId'], VALUE: ['value'], PROBABILITY: ['probability'], PRIORITY: ['priority'],
  EXPECTED_CLOSE_DATE: ['expectedCloseDate'], CREATED_AT: [], NUMBER: [], CLOSED_AT: ['closedAt', 'status', 'stageId'],
};

/** What rows show beyond cards, and frames only name. */
const beside = ['lostReason', 'lostReasonKey'];

/**
 * Rows keeps the order of a list true while the stream of its board runs: the stream tells that something changed, and
 * brings the cards' fields; the order is read again when it may be another. It ends with close().
 */
export class Rows {
  private state: RowsState = { ids: [], total: 0, hasMore: false, phase: 'loading', problem: null };
  private readonly views = new Set<() => void>();
  private readonly off: (() => void)[];
  private cursor: string | null = null;
  private turn = 0;
  private busy = false;
  /** The revision that all of the list is read at, or after it. */
  private at = 0n;
  private late: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly client: ApolloClient,
    readonly feed: BoardFeed,
    private readonly orderBy: readonly RecordOrder[],
  ) {
    let phase = feed.snapshot().phase;
    this.off = [
      feed.on((event) => this.changed(event) && this.soon()),
      feed.subscribe(() => {
        const before = phase;
        phase = feed.snapshot().phase;
        if (before === 'behind' && phase === 'live') this.soon();
      }),
    ];
    void this.reload();
  }

  subscribe = (view: () => void) => {
    this.views.add(view);
    return () => void this.views.delete(view);
  };

  snapshot = () => this.state;

  close() {
    this.turn++;
    clearTimeout(this.late);
    this.off.forEach((off) => off());
  }

  /** more loads the next page; nothing while something is being read. */
  async more() {
    if (this.busy || !this.state.hasMore) return;
    await this.read(this.state.ids, this.cursor, this.state.ids.length + PAGE);
  }

  /** reload reads again as much as is held. */
  async reload() {
    await this.read([], null, Math.max(PAGE, this.state.ids.length));
  }

  private changed(event: FeedEvent): boolean {
    if (event.type === 'reset') return true;
    if (event.type !== 'commit' || BigInt(event.commit.revision) <= this.at) return false;
    const fields = this.orderBy.map(({ field }) => orderedBy[field]);
    const onAll = fields.some((of) => of === undefined);
    return event.commit.cards.some(({ kind, changedFields }) => onAll || kind === 'ENTERED' || kind === 'LEFT' || [...beside, ...fields.flatMap((of) => of ?? [])].some((name) => changedFields.includes(name)));
  }

  /** soon lets changes that come together be one. */
  private soon() {
    clearTimeout(this.late);
    this.late = setTimeout(() => void this.reload(), 120);
  }

  private async read(held: readonly string[], after: string | null, count: number) {
    const turn = ++this.turn;
    this.busy = true;
    const ids = new Set(held);
    let at = held.length ? this.at : null;
    try {
      let hasMore = true;
      let total = this.state.total;
      while (hasMore && ids.size < count) {
        const own = { pipelineId: { eq: this.feed.pipelineId } };
        const filter = this.feed.filter ? { and: [own, this.feed.filter] } : own;
        const { data } = await this.client.query({
          query: ListRows, fetchPolicy: 'no-cache', variables: { filter, orderBy: this.orderBy as RecordOrder[], first: Math.min(MOST, Math.max(PAGE, count - ids.size)), after },
        });
        if (turn !== this.turn || !data) return;
        const { revision, nodes, pageInfo, totalCount } = data.records;
        at ??= BigInt(revision);
        this.keep(nodes);
        nodes.forEach(({ id }) => ids.add(id));
        [after, hasMore, total] = [pageInfo.endCursor, pageInfo.hasNextPage, totalCount];
      }
      this.cursor = after;
      this.at = at ?? this.at;
      this.show({ ids: [...ids], total, hasMore, phase: 'ready', problem: null });
    } catch (error) {
      if (turn === this.turn) this.show({ phase: this.state.ids.length ? 'ready' : 'failed', problem: problemOf(error) });
    } finally {
      if (turn === this.turn) this.busy = false;
    }
  }

  /** keep puts rows into the cache, but never an older one over a newer. */
  private keep(rows: readonly Row[]) {
    this.client.cache.batch({
      update: (cache) => {
        for (const row of rows) {
          const held = { id: `Record:${row.id}` };
          const before = cache.readFragment({ ...held, fragment: CardFields, fragmentName: 'CardFields' });
          const now = before && before.version > row.version ? { ...row, ...before } : row;
          cache.writeFragment({ ...held, fragment: RowFields, fragmentName: 'RowFields', data: now });
        }
      },
    });
  }

  private show(change: Partial<RowsState>) {
    this.state = { ...this.state, ...change };
    this.views.forEach((view) => view());
  }
}
