import { t } from '../app/texts';
import type { CommitFieldsFragment } from '../gql/types';
import type { Names } from '../people/use-names';

const a = t.activity;

type Change = CommitFieldsFragment['changes'][number];
type Row = Partial<Record<string, unknown>>;

export interface Line {
  key: string;
  text: string;
  /** The card it is about; null when it is about none, about many, or about one that is gone. */
  recordId: string | null;
}

/** Kinds that tell nothing to a person: who is online is shown elsewhere, and places inside a stage are many. */
const silent = /^(member\.presence\.changed|record\.ranked|job\.|target\.|session\.|saved_view\.|record\.reopened$)/;

/**
 * linesOf says in words what a commit did: one line for each thing that happened, and one alone where the same happened to
 * many. What follows from something else, such as winning from a move to a won stage, is said with it.
 */
export function linesOf(commit: CommitFieldsFragment, names: Names): Line[] {
  const told = commit.changes.filter(({ kind }) => !silent.test(kind));
  const moved = new Set(told.filter(({ kind }) => /^record\.(stage|pipeline)\.changed$/.test(kind)).map(({ entityId }) => entityId));
  const groups = new Map<string, Change[]>();
  for (const change of told) {
    if (/^record\.(won|lost)$/.test(change.kind) && moved.has(change.entityId)) continue;
    const key = `${change.kind} ${targetOf(change)}`;
    groups.set(key, [...(groups.get(key) ?? []), change]);
  }
  return [...groups].map(([key, changes]) => {
    const [first] = changes;
    const one = changes.length === 1;
    const gone = first!.kind === 'record.deleted';
    return { key: commit.revision + key, text: say(first!, changes.length, names), recordId: one && !gone && first!.entity === 'record' ? first!.entityId : null };
  });
}

const row = (image: unknown): Row => (typeof image === 'object' && image !== null ? (image as Row) : {});
const text = (value: unknown) => (typeof value === 'string' ? value : '');

/** targetOf is what tells changes of one kind apart that are said in one line. */
function targetOf({ kind, after, changed }: Change): string {
  const now = row(after);
  if (kind === 'record.stage.changed' || kind === 'record.pipeline.changed') return text(now.stage_id);
  if (kind === 'record.assigned') return text(now.owner_id);
  return kind === 'record.updated' ? fieldsOf(changed) : '';
}

/** fieldsOf names stored fields as people call them. */
function fieldsOf(changed: readonly string[]): string {
  const names = changed.flatMap((field) => t.fields[field.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())] ?? []);
  return [...new Set(names)].join(', ');
}

function say({ kind, entity, before, after, changed }: Change, count: number, names: Names): string {
  const [was, now] = [row(before), row(after)];
  const what = count > 1 ? a.many(count, entity) : a.one(entity, text(now.title ?? was.title ?? now.name ?? was.name) || [now.first_name ?? was.first_name, now.last_name ?? was.last_name].map(text).filter(Boolean).join(' '));
  switch (kind) {
    case 'record.stage.changed':
      return a.moved(what, names.stage(text(now.stage_id)) ?? a.somewhere);
    case 'record.pipeline.changed':
      return a.transferred(what, names.pipeline(text(now.pipeline_id)) ?? a.somewhere, names.stage(text(now.stage_id)) ?? a.somewhere);
    case 'record.assigned': {
      const owner = text(now.owner_id);
      return owner ? a.assigned(what, names.person(owner) ?? a.somebody) : a.unassigned(what);
    }
    case 'record.updated': {
      const fields = fieldsOf(changed);
      return fields ? a.changed(what, fields) : a.did.updated!(what);
    }
  }
  const did = a.did[kind.replace(/^\w+\./, '')] ?? a.did.updated!;
  return did(what);
}
