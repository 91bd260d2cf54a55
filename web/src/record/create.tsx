import { useMutation } from '@apollo/client/react';
import { useState } from 'react';
import { useKeyring } from '../app/keyring';
import { problemOf, sentence, type Problem } from '../app/problem';
import { useWork } from '../app/session';
import { t } from '../app/texts';
import { forms } from '../app/texts/forms';
import { CreateRecord } from '../gql/record';
import type { PipelineFieldsFragment } from '../gql/types';
import { Button } from '../ui/controls';
import { Dialog } from '../ui/overlays';
import { toast } from '../ui/toasts';
import ui from '../ui/ui.module.css';
import { RecordFields, changes, submitting, useDraft, useFirstWrong, useReading, wrongIn, type Draft } from './form';
import css from './record.module.css';
import { unreadIn } from './unread';

const r = t.record;

interface CreateProps {
  pipeline: PipelineFieldsFragment;
  /** Whether the pipeline was deleted meanwhile. It may come back, so one may try. */
  gone: boolean;
  stageId: string;
  onClose: () => void;
  onCreated: (id: string) => void;
}

/** CreateDialog makes a card. It comes to the board by the board's own stream, as anybody's would. */
export default function CreateDialog({ pipeline, gone, stageId, onClose, onCreated }: CreateProps) {
  const { viewer } = useWork();
  const [create, { loading }] = useMutation(CreateRecord);
  const keyOf = useKeyring();
  const [problem, setProblem] = useState<Problem | null>(null);
  const [first] = useState<Draft>({
    title: '', stageId, amount: '', currency: viewer.workspace.defaultCurrency, probability: '', ownerId: viewer.member?.id ?? '', priority: 'MEDIUM', contactId: '', contactName: '', companyId: '', companyName: '',
    contactEmail: '', contactPhone: '', lostReason: '', lostReasonKey: '', channel: '', chatUrl: '', sourceDetail: '', externalId: '', expectedCloseDate: '', tags: '', description: '',
  });
  const form = useDraft(first);
  const reading = useReading(pipeline);
  const told: Problem | null = problem ?? (gone ? { code: '', message: forms.pipelineGone } : null);
  const refused = useFirstWrong(problem);
  const submit = async () => {
    const { title, stageId, ownerId, priority } = form.draft;
    const texts = Object.fromEntries(Object.entries(changes(first, form.draft, reading)).filter(([, value]) => value !== null));
    const unread = unreadIn(form.draft, null, reading);
    if (unread) return setProblem(unread);
    try {
      const input = { ...texts, pipelineId: pipeline.id, title, stageId, priority, ...(ownerId && { ownerId }) };
      const { data } = await create({ variables: { input, key: keyOf(input) } });
      const made = data?.createRecord.record;
      if (!made) return;
      toast({ title: r.createdToast(made.title) });
      onClose();
      onCreated(made.id);
    } catch (error) {
      const problem = problemOf(error);
      setProblem(gone && problem.code === 'NOT_FOUND' ? null : problem);
    }
  };
  return (
    <Dialog open onClose={onClose} title={r.create} description={pipeline.name} unsaved={Object.keys(changes(first, form.draft, reading)).length > 0}>
      <form ref={refused} className={css.form} onSubmit={submitting(() => void submit())} noValidate>
        {told && !told.details?.length && <p className={ui.wrong} role="alert" data-wide>{sentence(told)}</p>}
        <RecordFields pipeline={pipeline} before={first} form={form} wrong={wrongIn(problem)} />
        <div className={ui.dialogFoot} data-wide>
          <Button onClick={onClose}>{t.cancel}</Button>
          <Button type="submit" look="primary" disabled={loading}>{r.create}</Button>
        </div>
      </form>
    </Dialog>
  );
}
