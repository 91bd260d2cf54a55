import { useMutation } from '@apollo/client/react';
import { useState } from 'react';
import { problemOf, sentence, wants, type Problem } from '../app/problem';
import { useWork } from '../app/session';
import { t } from '../app/texts';
import { pipelines } from '../app/texts/pipelines';
import { DeletePipeline } from '../gql/manage';
import { Pipelines } from '../gql/pipeline';
import type { PipelineFieldsFragment } from '../gql/types';
import { given, noReason } from '../record/reason';
import { ReasonFields } from '../record/reason-fields';
import { Button, SelectField, TextField } from '../ui/controls';
import { Dialog } from '../ui/overlays';
import { toast } from '../ui/toasts';
import ui from '../ui/ui.module.css';
import css from './manage.module.css';

const p = pipelines;

interface DeleteProps {
  pipeline: PipelineFieldsFragment;
  pipelines: readonly PipelineFieldsFragment[];
  /** Records in it as last seen; the server counts again. */
  count: number;
  onClose: () => void;
  onDone: () => void;
}

/** recounted tells whether a refusal is about another number of records than was said. */
const recounted = ({ code, current }: Problem) => code !== 'STAGE_REQUIREMENTS' && typeof current?.count === 'number';

/** DeleteDialog asks what becomes of the records: they go to another pipeline, or with it once somebody has typed how many they are. */
export function DeleteDialog({ pipeline, pipelines, count: first, onClose, onDone }: DeleteProps) {
  const { can } = useWork();
  const others = pipelines.filter(({ id }) => id !== pipeline.id);
  const [count, setCount] = useState(first);
  const [fate, setFate] = useState<'move' | 'delete'>('move');
  const [target, setTarget] = useState(others[0]?.id ?? '');
  const [stage, setStage] = useState('');
  const [reason, setReason] = useState(noReason);
  const [typed, setTyped] = useState('');
  const [heir, setHeir] = useState(others[0]?.id ?? '');
  const [problem, setProblem] = useState<Problem | null>(null);
  const [remove, { loading }] = useMutation(DeletePipeline, { refetchQueries: [Pipelines], awaitRefetchQueries: true });
  if (others.length === 0) return <Dialog open onClose={onClose} title={p.deleteTitle(pipeline.name)} description={p.last} foot={<Button onClick={onClose}>{t.close}</Button>} />;
  const lost = others.find(({ id }) => id === target)?.stages.find(({ id }) => id === stage)?.kind === 'LOST';
  const ready = count === 0 || fate === 'move' || typed.trim() === String(count);
  const wrongOf = (field: string) => (lost ? problem?.details?.find((detail) => detail.field === `input.moveTo.${field}`)?.message : undefined);
  const [wrong, wrongKey] = [wrongOf('lostReason'), wrongOf('lostReasonKey')];
  const submit = async () => {
    const records = count === 0 ? {} : fate === 'move' ? { moveTo: { pipelineId: target, ...(stage && { stageId: stage }), ...(lost && given(reason)) } } : { deleteRecords: true, confirmCount: count };
    try {
      const { data } = await remove({ variables: { input: { id: pipeline.id, ...records, ...(pipeline.isDefault && { newDefaultId: heir }) } } });
      toast({ title: p.deletedToast(pipeline.name, data?.deletePipeline.recordCount ?? 0, fate === 'move') });
      onDone();
    } catch (error) {
      const problem = problemOf(error);
      // Records came or went meanwhile: the question is asked anew, with their number.
      if (recounted(problem)) setCount(Number(problem.current?.count));
      setProblem(problem);
    }
  };
  return (
    <Dialog open onClose={onClose} title={p.deleteTitle(pipeline.name)} description={t.record.deleteHint}>
      <form className={css.form} onSubmit={(event) => (event.preventDefault(), void submit())}>
        {problem && !wrong && !wrongKey && <p className={ui.wrong} role="alert">{recounted(problem) ? p.countChanged(count) : (wants(problem) ?? problem.details?.[0]?.message ?? sentence(problem))}</p>}
        {count > 0 && (
          <fieldset className={css.choices}>
            <legend>{p.fate(count)}</legend>
            <label><input type="radio" name="fate" checked={fate === 'move'} onChange={() => setFate('move')} />{p.moveThem}</label>
            {fate === 'move' && (
              <div className={css.pair}>
                <SelectField label={p.pipeline} value={target} onChange={(e) => (setTarget(e.target.value), setStage(''))}>
                  {others.map(({ id, name }) => <option key={id} value={id}>{name}</option>)}
                </SelectField>
                <SelectField label={t.record.stage} value={stage} onChange={(e) => setStage(e.target.value)}>
                  <option value="">{p.firstOpen}</option>
                  {others.find(({ id }) => id === target)?.stages.map(({ id, name }) => <option key={id} value={id}>{name}</option>)}
                </SelectField>
                {lost && <ReasonFields reason={reason} onChange={(change) => setReason((held) => ({ ...held, ...change }))} wrong={wrong} wrongKey={wrongKey} />}
              </div>
            )}
            {can('CAN_DELETE_DATA') && <label><input type="radio" name="fate" checked={fate === 'delete'} onChange={() => setFate('delete')} />{p.deleteThem}</label>}
            {fate === 'delete' && <TextField label={p.typeCount(count)} value={typed} onChange={(e) => setTyped(e.target.value)} inputMode="numeric" autoComplete="off" />}
          </fieldset>
        )}
        {pipeline.isDefault && (
          <SelectField label={p.heir} hint={p.heirHint} value={heir} onChange={(e) => setHeir(e.target.value)}>
            {others.map(({ id, name }) => <option key={id} value={id}>{name}</option>)}
          </SelectField>
        )}
        <div className={ui.dialogFoot}>
          <Button onClick={onClose}>{t.cancel}</Button>
          <Button type="submit" look="danger" disabled={!ready || loading}>{t.remove}</Button>
        </div>
      </form>
    </Dialog>
  );
}
