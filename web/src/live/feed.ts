import type { ApolloClient } from '@apollo/client';
import { print } from '@apollo/client/utilities';
import { newId } from '../app/id';
import { problemFrom, problemOf, type Problem } from '../app/problem';
import { PipelineFields } from '../gql/pipeline';
import { CardFields, CardVersion, ColumnPage, MoveCard, WatchBoard } from '../gql/board';
import type { MoveCardMutation, MoveRecordInput, RecordFilter, WatchBoardSubscriptionVariables } from '../gql/types';
import { Pace } from './pace';
import { apply, extend, foresee, fromSnapshot, hasMore, type Card, type Commit, type Frame, type Move, type Replica } from './replica';
import type { Socket } from './socket';

/** How many cards of a column come at once: more than a screen shows. */
export const PAGE = 50;

/** How many come with the board, which has many columns: they fill the screen. */
const FIRST = 30;

export type Phase = 'loading' | 'live' | 'behind' | 'gone' | 'refused';

export interface FeedState {
  readonly phase: Phase;
  /** What is to be shown: the board as the server tells it, with one's own moves under way on top. */
  readonly board: Replica | null;
  /** Why there is no board. */
  readonly problem: Problem | null;
  /** Columns whose next page could not be had. */
  readonly stuck: ReadonlySet<string>;
}

export type FeedEvent =
  /** Just before cards change places: the moment to look where they are. */
  | { type: 'shuffle' }
  | { type: 'commit'; commit: Commit; own: boolean; left: readonly { id: string; title: string; reason: string | null }[] }
  | { type: 'reset'; reason: string };

const held = (id: string) => ({ id: `Record:${id}`, fragment: CardFields, fragmentName: 'CardFields' });

/**
 * BoardFeed keeps one board true while it is watched. Frames go into the replica (the order) and the cache (the cards), by
 * revision; own moves are shown at once and taken back when the server says otherwise. It ends with close().
 */
export class BoardFeed {
  private base: Replica | null = null;
  private readonly pending = new Map<string, Move>();
  private readonly pages = new Map<string, { checkpoint: Replica; commits: Commit[] }>();
  private state: FeedState = { phase: 'loading', board: null, problem: null, stuck: new Set() };
  private readonly views = new Set<() => void>();
  private readonly listeners = new Set<(event: FeedEvent) => void>();
  private readonly stop: () => void;
  private readonly unlink: () => void;
  private closed = false;
  private readonly pace = new Pace(() => this.shuffle());

  constructor(
    private readonly client: ApolloClient,
    socket: Socket,
    readonly pipelineId: string,
    readonly filter: RecordFilter | null,
    /** How many cards of each column come with the board. */
    first = FIRST,
  ) {
    const variables: WatchBoardSubscriptionVariables = { pipelineId, filter, after: null, first };
    this.stop = socket.client.subscribe<{ board: Frame }>(
      { query: print(WatchBoard), operationName: 'WatchBoard', variables },
      {
        next: ({ data, errors }) => {
          if (errors?.length || !data) return this.refuse(problemFrom({ ...errors?.[0]?.extensions, message: errors?.[0]?.message }));
          // Sent again whenever the client reconnects: the stream goes on behind what is held.
          variables.after = data.board.__typename === 'BoardReset' ? null : data.board.revision;
          this.take(data.board);
        },
        error: (reason) => {
          if (Array.isArray(reason)) this.refuse(problemFrom({ ...reason[0]?.extensions, message: reason[0]?.message }));
        },
        complete: () => {
          if (!this.closed && this.state.phase !== 'refused') this.show({ phase: 'gone' });
        },
      },
    );
    this.unlink = socket.subscribe(() => {
      if (socket.state() !== 'connected' && this.state.phase === 'live') this.show({ phase: 'behind' });
    });
  }

  subscribe = (view: () => void) => {
    this.views.add(view);
    return () => void this.views.delete(view);
  };

  snapshot = () => this.state;

  on(listener: (event: FeedEvent) => void) {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  close() {
    this.closed = true;
    this.pace.done();
    this.unlink();
    this.stop();
  }

  /** card gives a card as the cache has it. */
  card(id: string): Card | null {
    return this.client.cache.readFragment(held(id));
  }

  /**
   * move shows a move and asks for it. Undefined when it was made; else why not, and the board is right again. The
   * expectation is that the card still is in the stage where the hand took it.
   */
  async move(move: Move, expectStage: string, more: Pick<MoveRecordInput, 'lostReason' | 'lostReasonKey'> = {}): Promise<{ problem?: Problem; fellBack?: boolean }> {
    const key = newId();
    this.pending.set(key, move);
    this.shuffle();
    const { recordId, stageId, afterId } = move;
    try {
      const place = afterId === null ? { toEnd: 'TOP' as const } : { afterRecordId: afterId };
      const input = { recordId, toStageId: stageId, ...place, expect: { stageId: expectStage }, clientMutationId: key, ...more };
      const { data } = await this.client.mutate({ mutation: MoveCard, variables: { input }, fetchPolicy: 'no-cache' });
      const made = data?.moveRecord;
      if (made) this.settle(key, made);
      return made?.placeFellBack ? { fellBack: true } : {};
    } catch (error) {
      this.pending.delete(key);
      this.shuffle();
      return { problem: problemOf(error) };
    }
  }

  /** settle keeps a move that was made until its frame is here; one that changed nothing has none. */
  private settle(key: string, made: MoveCardMutation['moveRecord']) {
    this.keep([made.record]);
    const done = () => !this.pending.has(key) || (this.base !== null && BigInt(this.base.revision) >= BigInt(made.revision));
    const end = () => {
      off();
      clearTimeout(late);
      if (this.pending.delete(key)) this.shuffle();
    };
    const off = this.on((event) => event.type === 'commit' && done() && end());
    const late = setTimeout(end, 4_000);
    if (done()) end();
  }

  /** more loads the next page of a column, read at the very revision that is held. */
  async more(stageId: string) {
    const column = this.base?.columns.get(stageId);
    if (!this.base || !column || !hasMore(column) || this.pages.has(stageId)) return;
    const page = { checkpoint: this.base, commits: [] as Commit[] };
    this.pages.set(stageId, page);
    if (this.state.stuck.has(stageId)) this.show({ stuck: without(this.state.stuck, stageId) });
    try {
      const { data } = await this.client.query({
        query: ColumnPage, fetchPolicy: 'no-cache',
        variables: { pipelineId: this.pipelineId, filter: this.filter, at: page.checkpoint.revision, stageId, first: column.cursor ? PAGE : 200, after: column.cursor },
      });
      if (this.pages.get(stageId) !== page) return; // the board was loaded anew meanwhile
      this.pages.delete(stageId);
      const cards = data?.board.column?.cards;
      if (!cards || !this.base) return;
      this.keep(cards.nodes);
      const extended = extend(page.checkpoint, stageId, cards.nodes.map(({ id }) => id), cards.pageInfo.endCursor);
      const now = page.commits.reduce(apply, extended).columns.get(stageId);
      if (now) this.base = { ...this.base, columns: new Map(this.base.columns).set(stageId, now) };
      this.render();
    } catch {
      if (this.pages.get(stageId) !== page) return;
      this.pages.delete(stageId);
      this.show({ stuck: new Set([...this.state.stuck, stageId]) });
    }
  }

  private take(frame: Frame) {
    switch (frame.__typename) {
      case 'BoardSnapshot':
        this.keep(frame.board.columns.flatMap(({ cards }) => cards.nodes), frame.board.pipeline);
        this.base = fromSnapshot(frame);
        this.pages.clear();
        this.show({ phase: 'live', problem: null, stuck: new Set() });
        return this.render();
      case 'BoardCommit':
        return this.commit(frame);
      case 'BoardReady':
        if (this.base) this.base = { ...this.base, revision: frame.revision };
        this.shuffle();
        return this.show({ phase: 'live' });
      case 'BoardReset':
        return this.tell({ type: 'reset', reason: frame.reason });
    }
  }

  private commit(commit: Commit) {
    if (!this.base) return;
    const own = commit.clientMutationId !== null && this.pending.has(commit.clientMutationId);
    const left = commit.cards.flatMap(({ kind, recordId, reason }) => (kind === 'LEFT' ? [{ id: recordId, title: this.card(recordId)?.title ?? '', reason }] : []));
    this.keep(commit.cards.flatMap(({ record }) => (record ? [record] : [])), commit.pipeline);
    this.base = apply(this.base, commit);
    for (const page of this.pages.values()) page.commits.push(commit);
    if (own) this.pending.delete(commit.clientMutationId!);
    // What happened while away is shown in one step, when all of it is here; else of many at once each frame shows the last.
    if (this.state.phase === 'live') this.pace.soon();
    this.tell({ type: 'commit', commit, own, left });
    for (const { id, reason } of left) if (reason === 'PERMISSION' || reason === 'DELETED') this.client.cache.evict({ id: `Record:${id}` });
  }

  /** keep puts cards into the cache, but never an older one over a newer. */
  private keep(cards: readonly Card[], pipeline: Replica['pipeline'] | null = null) {
    this.client.cache.batch({
      update: (cache) => {
        if (pipeline) cache.writeFragment({ id: `Pipeline:${pipeline.id}`, fragment: PipelineFields, fragmentName: 'PipelineFields', data: pipeline });
        for (const card of cards) {
          const before = cache.readFragment<Pick<Card, 'version'>>({ id: `Record:${card.id}`, fragment: CardVersion });
          if (!before || before.version <= card.version) cache.writeFragment({ ...held(card.id), data: card });
        }
      },
    });
  }

  private refuse(problem: Problem) {
    this.show({ phase: problem.code === 'NOT_FOUND' ? 'gone' : 'refused', problem, board: null });
  }

  private shuffle() {
    this.pace.done();
    this.tell({ type: 'shuffle' });
    this.render();
  }

  private render() {
    this.show({ board: this.base && [...this.pending.values()].reduce(foresee, this.base) });
  }

  private show(change: Partial<FeedState>) {
    this.state = { ...this.state, ...change };
    this.views.forEach((view) => view());
  }

  private tell(event: FeedEvent) {
    this.listeners.forEach((listener) => listener(event));
  }
}

function without<T>(set: ReadonlySet<T>, item: T): ReadonlySet<T> {
  const next = new Set(set);
  next.delete(item);
  return next;
}
