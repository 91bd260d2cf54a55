import { Plus } from 'lucide-react';
import { useState, type ReactNode } from 'react';
import { problemOf, sentence, type Problem } from '../app/problem';
import { useWork } from '../app/session';
import { t } from '../app/texts';
import { useUnsaved } from '../app/unsaved';
import { RecordPanel } from '../gql/record';
import type { RecordDetailFragment, UpdateRecordInput } from '../gql/types';
import { Button } from '../ui/controls';
import { toast } from '../ui/toasts';
import css from './parts.module.css';
import { write, type Written } from './write';

/** What a part of the panel gets: the card, and whether something is being added to it. */
export interface PartProps {
  record: RecordDetailFragment;
  /** Null where nothing may be changed. */
  edit: { adding: boolean; begin: () => void; end: () => void } | null;
}

/** Section is a part of the panel under its name, with one quiet control. */
export function Section({ title, more, control, children }: { title: string; more?: ReactNode; control?: { label: string; icon?: typeof Plus; onClick: () => void } | null | undefined; children: ReactNode }) {
  const Icon = control?.icon ?? Plus;
  return (
    <section aria-label={title}>
      <header className={css.head}>
        <h3>{title}{more && <span> {more}</span>}</h3>
        {control && <Button look="quiet" className={css.add} aria-label={`${control.label}: ${title}`} onClick={control.onClick}><Icon size={14} aria-hidden />{control.label}</Button>}
      </header>
      {children}
    </section>
  );
}

/** usePartUnsaved has it asked, as long as something was typed into a part, before the part, its card or the page is left. */
export const usePartUnsaved = (dirty: boolean) => useUnsaved(dirty, { params: ['record'] });

/** conflictOf says who changed a card meanwhile. */
export function conflictOf(problem: Problem): string {
  const by = (problem.current?.updatedBy as { name: string } | undefined)?.name;
  return by ? t.record.conflictBy(by) : t.record.conflict;
}

/** tellProblem says why something about a card was not done. */
export function tellProblem(title: string, problem: Problem) {
  toast({ tone: 'bad', title: t.list.notSaved(title), text: problem.code === 'CONFLICT' ? conflictOf(problem) : problem.details?.[0]?.message ?? sentence(problem), requestId: problem.requestId });
}

/**
 * useSave changes parts of a card that are written whole. What others did to the card since matters only where they did it
 * to the same part: compared by what is there, for a board may have brought a newer version than the panel shows.
 */
export function useSave(id: string) {
  const { client } = useWork();
  const [saving, setSaving] = useState(false);
  const read = async () => (await client.query({ query: RecordPanel, variables: { id }, fetchPolicy: 'network-only' })).data?.record ?? null;
  const busy = async (run: () => Promise<Written>): Promise<Written> => {
    setSaving(true);
    try {
      return await run();
    } catch (error) {
      return { problem: problemOf(error) };
    } finally {
      setSaving(false);
    }
  };
  return {
    saving,
    /** save writes parts as they were when their editor began. */
    save: (change: Partial<UpdateRecordInput>, began: RecordDetailFragment) =>
      busy(async () => {
        const record = await read();
        if (!record) return missing;
        const same = (Object.keys(change) as (keyof RecordDetailFragment)[]).every((part) => equal(record[part], began[part]));
        return same ? write(client, id, change, record.version) : { conflict: { record, by: record.updatedBy.name, at: record.updatedAt } };
      }),
    /** amend changes what is there now, whatever that is: one entry of many is added or taken away. */
    amend: (change: (now: RecordDetailFragment) => Partial<UpdateRecordInput>) =>
      busy(async () => {
        let record = await read();
        for (let tries = 0; record && tries < 3; tries++) {
          const written: Written = await write(client, id, change(record), record.version);
          if (!written.conflict) return written;
          record = written.conflict.record;
        }
        return record ? { problem: { code: 'CONFLICT', message: '' } } : missing;
      }),
  };
}

const missing: Written = { problem: { code: 'NOT_FOUND', message: '' } };

const equal = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
