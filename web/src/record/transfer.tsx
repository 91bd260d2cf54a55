import { useMutation } from '@apollo/client/react';
import { useState } from 'react';
import { problemOf, sentence, wants, type Problem } from '../app/problem';
import { useWork } from '../app/session';
import { t } from '../app/texts';
import { TransferRecord } from '../gql/story';
import type { PipelineFieldsFragment, RecordDetailFragment } from '../gql/types';
import { Button, SelectField } from '../ui/controls';
import { Dialog } from '../ui/overlays';
import { toast } from '../ui/toasts';
import ui from '../ui/ui.module.css';
import { submitting } from './form';
import { asksWhy, given, useReason } from './reason';
import { ReasonFields } from './reason-fields';
import css from './record.module.css';

const s = t.story;

/** TransferDialog moves a card to a stage of another pipeline. */
export default function TransferDialog({ record, pipelines, onClose }: { record: RecordDetailFragment; pipelines: readonly PipelineFieldsFragment[]; onClose: () => void }) {
  const others = pipelines.filter(({ id }) => id !== record.pipelineId);
  const firstOpen = (pipeline: PipelineFieldsFragment | undefined) => pipeline?.stages.find(({ kind }) => kind === 'OPEN')?.id ?? '';
  const [pipelineId, setPipelineId] = useState(others[0]?.id ?? '');
  const pipeline = others.find(({ id }) => id === pipelineId);
  const [stageId, setStageId] = useState(firstOpen(pipeline));
  const { reasonNeeded } = useWork();
  const { reason, onChange } = useReason();
  const [problem, setProblem] = useState<Problem | null>(null);
  const [move, { loading }] = useMutation(TransferRecord);
  const stage = pipeline?.stages.find(({ id }) => id === stageId);
  const lost = stage?.kind === 'LOST';
  const submit = async () => {
    try {
      await move({ variables: { input: { recordId: record.id, toPipelineId: pipelineId, toStageId: stageId, expect: { version: record.version }, ...(lost && given(reason)) } } });
      toast({ title: s.transferred(record.title, pipeline?.name ?? '') });
      onClose();
    } catch (error) {
      setProblem(problemOf(error));
    }
  };
  return (
    <Dialog open onClose={onClose} title={s.transfer} description={record.title}>
      <form className={css.form} onSubmit={submitting(() => void submit())} noValidate>
        {problem && <p className={ui.wrong} role="alert" data-wide>{wants(problem) ?? problem.details?.[0]?.message ?? sentence(problem)}</p>}
        <SelectField label={s.pipeline} value={pipelineId} onChange={(e) => (setPipelineId(e.target.value), setStageId(firstOpen(others.find(({ id }) => id === e.target.value))))}>
          {others.map(({ id, name }) => <option key={id} value={id}>{name}</option>)}
        </SelectField>
        <SelectField label={t.record.stage} value={stageId} onChange={(e) => setStageId(e.target.value)}>
          {pipeline?.stages.map(({ id, name }) => <option key={id} value={id}>{name}</option>)}
        </SelectField>
        {lost && <ReasonFields reason={reason} onChange={onChange} hint={asksWhy(pipeline, stageId, reasonNeeded) && t.board.lostReason.hint} />}
        <div className={css.foot}>
          <Button onClick={onClose}>{t.cancel}</Button>
          <Button type="submit" look="primary" disabled={loading}>{t.bulk.move}</Button>
        </div>
      </form>
    </Dialog>
  );
}
