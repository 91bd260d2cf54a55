import type { RecordFilter } from '../gql/types';
import type { Commit, Replica } from '../live/replica';

/** What somebody chose of a board: single cards, and whole stages with everything in them, also what is not loaded yet. */
export interface Chosen {
  readonly ids: ReadonlySet<string>;
  readonly stages: ReadonlySet<string>;
  /** Cards of whole stages that were left out again, with their stage. */
  readonly except: ReadonlyMap<string, string>;
}

export const nothing: Chosen = { ids: new Set(), stages: new Set(), except: new Map() };

export const isChosen = (c: Chosen, id: string, stageId: string) => c.ids.has(id) || (c.stages.has(stageId) && !c.except.has(id));

export const isNothing = (c: Chosen) => c.ids.size === 0 && c.stages.size === 0;

/** choose takes cards of one stage in, or leaves them out. */
export function choose(c: Chosen, ids: readonly string[], stageId: string, on: boolean): Chosen {
  const [single, except] = [new Set(c.ids), new Map(c.except)];
  for (const id of ids) {
    single.delete(id);
    except.delete(id);
    if (c.stages.has(stageId)) {
      if (!on) except.set(id, stageId);
    } else if (on) single.add(id);
  }
  return { ...c, ids: single, except };
}

/** chooseStage takes a whole stage in, or leaves it out; `held` are those of its cards that are loaded. */
export function chooseStage(c: Chosen, stageId: string, held: readonly string[], on: boolean): Chosen {
  const stages = new Set(c.stages);
  if (on) stages.add(stageId);
  else stages.delete(stageId);
  const gone = new Set(held);
  return { ids: new Set([...c.ids].filter((id) => !gone.has(id))), stages, except: new Map([...c.except].filter(([, of]) => of !== stageId)) };
}

/** follow gives what is chosen after a commit: what left the board is not, and nothing counts twice. */
export function follow(c: Chosen, commit: Commit): Chosen {
  const touched = commit.cards.filter(({ recordId }) => c.ids.has(recordId) || c.except.has(recordId));
  const gone = commit.pipeline ? [...c.stages].filter((id) => !commit.pipeline!.stages.some((stage) => stage.id === id)) : [];
  if (touched.length + gone.length === 0) return c;
  const [ids, except] = [new Set(c.ids), new Map(c.except)];
  for (const { recordId, stageId } of touched) {
    if (stageId === null || c.stages.has(stageId)) ids.delete(recordId);
    if (stageId !== except.get(recordId)) except.delete(recordId);
  }
  return { ids, except, stages: new Set([...c.stages].filter((id) => !gone.includes(id))) };
}

/** countOf is how many cards are chosen. */
export function countOf(c: Chosen, board: Replica): number {
  const whole = [...c.stages].reduce((sum, id) => sum + (board.columns.get(id)?.totals.count ?? 0), 0);
  return c.ids.size + whole - c.except.size;
}

/** The most ids that a bulk command takes. */
const MOST = 500;

export type Rows = { ids: string[] } | { filter: RecordFilter; expectedCount: number };

/** rowsOf says in the API's terms which cards are chosen: by id as long as it can, else by a filter and their number. */
export function rowsOf(c: Chosen, board: Replica, filter: RecordFilter | null): Rows {
  const ids = [...c.ids];
  if (c.stages.size === 0 && ids.length <= MOST) return { ids };
  const except = [...c.except.keys()];
  const whole: RecordFilter[] = c.stages.size ? [{ stageId: { in: [...c.stages] }, ...(except.length && { not: { id: { in: except } } }) }] : [];
  const single: RecordFilter[] = ids.length ? [{ id: { in: ids } }] : [];
  const of: RecordFilter = { pipelineId: { eq: board.pipeline.id }, or: [...whole, ...single] };
  return { filter: filter ? { and: [of, filter] } : of, expectedCount: countOf(c, board) };
}

/** Selection is what is chosen of one board while its screen stands. */
export class Selection {
  private now = nothing;
  /** Where a range begins. */
  private anchor: string | null = null;
  private readonly views = new Set<() => void>();

  subscribe = (view: () => void) => {
    this.views.add(view);
    return () => void this.views.delete(view);
  };

  snapshot = () => this.now;

  has = (id: string, stageId: string) => isChosen(this.now, id, stageId);

  toggle(id: string, stageId: string) {
    this.anchor = id;
    this.set(choose(this.now, [id], stageId, !this.has(id, stageId)));
  }

  /** reach chooses all cards from where the last one was chosen to this one, when both are in this column. */
  reach(id: string, stageId: string, column: readonly string[]) {
    const [from, to] = [column.indexOf(this.anchor ?? id), column.indexOf(id)];
    if (from < 0 || to < 0) return this.toggle(id, stageId);
    this.set(choose(this.now, column.slice(Math.min(from, to), Math.max(from, to) + 1), stageId, true));
    this.anchor ??= id;
  }

  stage(stageId: string, held: readonly string[], on: boolean) {
    this.set(chooseStage(this.now, stageId, held, on));
  }

  follow(commit: Commit) {
    this.set(follow(this.now, commit));
  }

  clear = () => {
    this.anchor = null;
    this.set(nothing);
  };

  private set(next: Chosen) {
    if (next === this.now) return;
    this.now = isNothing(next) ? nothing : next;
    this.views.forEach((view) => view());
  }
}
