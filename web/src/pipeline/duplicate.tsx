import { useMutation, useQuery } from '@apollo/client/react';
import { useEffect, useState } from 'react';
import { useKeyring } from '../app/keyring';
import { problemOf, sentence, type Problem } from '../app/problem';
import { useWork } from '../app/session';
import { t } from '../app/texts';
import { pipelines } from '../app/texts/pipelines';
import { DuplicatePipeline, JobState } from '../gql/manage';
import { Pipelines } from '../gql/pipeline';
import type { CopyRecords, PipelineFieldsFragment } from '../gql/types';
import { Button, TextField } from '../ui/controls';
import { Dialog } from '../ui/overlays';
import { toast } from '../ui/toasts';
import ui from '../ui/ui.module.css';
import css from './manage.module.css';

const p = pipelines;

/** DuplicateDialog copies a pipeline; a large one is copied by a job, whose progress it shows. */
export function DuplicateDialog({ pipeline, onClose, onDone }: { pipeline: PipelineFieldsFragment; onClose: () => void; onDone: (id: string) => void }) {
  const { can, client } = useWork();
  const [name, setName] = useState(p.copyOf(pipeline.name));
  const [copyRecords, setCopyRecords] = useState<CopyRecords>('NONE');
  const [problem, setProblem] = useState<Problem | null>(null);
  const [jobId, setJobId] = useState<string | null>(null);
  const keyOf = useKeyring();
  const [copy, { loading }] = useMutation(DuplicatePipeline, { refetchQueries: [Pipelines], awaitRefetchQueries: true });
  const { data } = useQuery(JobState, { variables: { id: jobId ?? '' }, skip: !jobId, pollInterval: 1_000 });
  const job = data?.job;
  useEffect(() => {
    if (job?.state !== 'SUCCEEDED') return;
    const { pipelineId } = job.result as { pipelineId: string };
    void client.refetchQueries({ include: [Pipelines] }).then(() => onDone(pipelineId));
  }, [job, client, onDone]);
  const submit = async () => {
    try {
      const input = { id: pipeline.id, name, copyRecords };
      const { data } = await copy({ variables: { input, key: keyOf(input) } });
      const made = data?.duplicatePipeline;
      if (made?.job) return setJobId(made.job.id);
      if (!made?.pipeline) return;
      toast({ title: p.copied(made.pipeline.name, made.recordCount) });
      onDone(made.pipeline.id);
    } catch (error) {
      setProblem(problemOf(error));
    }
  };
  const failed = job && (job.state === 'FAILED' || job.state === 'CANCELLED');
  return (
    <Dialog open onClose={onClose} title={p.duplicateTitle(pipeline.name)}>
      {jobId ? (
        <div className={css.form} role="status">
          {failed ? <p className={ui.wrong}>{job.error ?? t.wrong.title}</p> : <p>{p.copying(job?.done ?? 0, job?.total ?? null)}</p>}
          {!failed && <progress className={css.progress} aria-label={p.duplicate} value={job?.total ? job.done : undefined} max={job?.total ?? undefined} />}
          {!failed && <p className={css.faint}>{p.copyingHint}</p>}
        </div>
      ) : (
        <form className={css.form} onSubmit={(event) => (event.preventDefault(), void submit())}>
          <TextField label={p.name} value={name} onChange={(e) => setName(e.target.value)} maxLength={100} required autoFocus wrong={problem ? (problem.details?.[0]?.message ?? sentence(problem)) : undefined} />
          {can('CAN_EDIT_CRM') && (
            <fieldset className={css.choices}>
              <legend>{p.copyRecords}</legend>
              {(Object.keys(p.copies) as CopyRecords[]).map((choice) => (
                <label key={choice}><input type="radio" name="copy" checked={copyRecords === choice} onChange={() => setCopyRecords(choice)} />{p.copies[choice]}</label>
              ))}
            </fieldset>
          )}
          <div className={ui.dialogFoot}>
            <Button onClick={onClose}>{t.cancel}</Button>
            <Button type="submit" look="primary" disabled={!name.trim() || loading}>{p.duplicate}</Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}
