import { useMutation } from '@apollo/client/react';
import { Plus } from 'lucide-react';
import type { ReactNode } from 'react';
import { problemOf, sentence, type Problem } from '../app/problem';
import { useWork } from '../app/session';
import { t } from '../app/texts';
import { RecordPanel, UpdateRecord } from '../gql/record';
import type { RecordDetailFragment, UpdateRecordInput } from '../gql/types';
import { Button } from '../ui/controls';
import { toast } from '../ui/toasts';
import css from './parts.module.css';

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
 * useSave changes a part of a card that is written whole, and so only as it is seen: when somebody changed the card
 * meanwhile nothing is written, and what is there now is shown.
 */
export function useSave(record: RecordDetailFragment) {
  const { client } = useWork();
  const [update, { loading }] = useMutation(UpdateRecord);
  const save = async (change: Partial<UpdateRecordInput>): Promise<Problem | null> => {
    try {
      await update({ variables: { input: { id: record.id, ...change, expect: { version: record.version } } } });
      return null;
    } catch (error) {
      const problem = problemOf(error);
      if (problem.code === 'CONFLICT') await client.query({ query: RecordPanel, variables: { id: record.id }, fetchPolicy: 'network-only' }).catch(() => undefined);
      return problem;
    }
  };
  return { save, saving: loading };
}
