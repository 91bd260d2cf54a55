import { useMutation, useQuery } from '@apollo/client/react';
import { Compass, Lock, Plus, Trash2 } from 'lucide-react';
import { Fragment, useEffect, useLayoutEffect, useRef, useState, type ReactNode } from 'react';
import { Link } from 'wouter';
import { problemOf, sentence, wants, type Problem } from '../app/problem';
import { useWork } from '../app/session';
import { t } from '../app/texts';
import { pipelines } from '../app/texts/pipelines';
import { useUnsaved } from '../app/unsaved';
import { PipelineEditor, UpdatePipeline } from '../gql/manage';
import { Pipelines } from '../gql/pipeline';
import type { RecordField, StageKind } from '../gql/types';
import { given, noReason, type Reason } from '../record/reason';
import { ReasonFields } from '../record/reason-fields';
import { Button, Select, SelectField, Skeleton, TextArea, TextField, cx } from '../ui/controls';
import { Dialog, Menu, MenuItem } from '../ui/overlays';
import { Failure, State } from '../ui/states';
import { toast } from '../ui/toasts';
import ui from '../ui/ui.module.css';
import { differs, draftOf, freshStage, rebased, type Draft, type DraftStage, type Whole } from './draft';
import css from './manage.module.css';
import { SortableList } from './sortable';
import { wrongIn } from './wrong';

const p = pipelines;
const whole = (text: string) => (text.trim() === '' ? null : Number(text));

/** EditPage changes a pipeline and its stages, all in one save. */
export default function EditPage({ pipelineId }: { pipelineId: string }) {
  const { can, path } = useWork();
  const home = <Link className={ui.button} href={path('pipelines')}>{t.missing.home}</Link>;
  const { data, error, refetch } = useQuery(PipelineEditor, { variables: { id: pipelineId }, fetchPolicy: 'network-only' });
  const notYours = can('CAN_MANAGE_PIPELINES') ? null : <State icon={Lock} title={t.codes.FORBIDDEN!} actions={home}>{p.notYours}</State>;
  if (notYours && !data?.pipeline) return notYours;
  if (error && !data) return <Failure problem={problemOf(error)} retry={() => void refetch()} />;
  if (!data) return <div className={css.page}><Skeleton block={40} inline="40%" /><Skeleton block={300} /></div>;
  if (!data.pipeline) return <State icon={Compass} title={t.missing.title} actions={home}>{t.missing.hint}</State>;
  const reload = () => refetch().then(({ data }) => data?.pipeline ?? null, () => null);
  const counts = new Map(data.board.columns.map(({ stage, totals }) => [stage.id, totals.count]));
  return <Editor found={data.pipeline} counts={counts} reload={reload} notYours={notYours} />;
}

interface EditorProps {
  found: Whole;
  counts: ReadonlyMap<string, number>;
  reload: () => Promise<Whole | null>;
  /** What is shown to whoever may not change it, unless something was typed while one might. */
  notYours: ReactNode;
}

function Editor({ found, counts, reload, notYours }: EditorProps) {
  const { path, format } = useWork();
  // What others change meanwhile does not take away what is typed here: a save says what it began with, and is refused.
  const [pipeline, setPipeline] = useState(found);
  const [draft, setDraft] = useState(() => draftOf(found));
  const { name, description, category, recordType, stale, reason, stages } = draft;
  const set = (part: Partial<Draft>) => setDraft((held) => ({ ...held, ...part }));
  const setStages = (change: (held: readonly DraftStage[]) => readonly DraftStage[]) => setDraft((held) => ({ ...held, stages: change(held.stages) }));
  const dirty = differs(draftOf(pipeline), draft);
  useUnsaved(dirty);
  const [targets, setTargets] = useState<Record<string, string>>({});
  const [reasons, setReasons] = useState<Record<string, Reason>>({});
  const [asking, setAsking] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [saving, setSaving] = useState(false);
  const [update] = useMutation(UpdatePipeline, { refetchQueries: [Pipelines] });
  useEffect(() => {
    document.title = `${pipeline.name} · ${t.product}`;
  }, [pipeline.name]);

  // A stage that is taken away leaves the focus to the one that took its place, or to what adds another.
  const [form, add, removed] = [useRef<HTMLFormElement>(null), useRef<HTMLButtonElement>(null), useRef(-1)];
  useLayoutEffect(() => {
    if (removed.current < 0) return;
    (form.current?.querySelectorAll<HTMLElement>(`.${css.stageName}`)[removed.current] ?? add.current)?.focus();
    removed.current = -1;
  }, [stages, form, add, removed]);

  const change = (key: string, part: Partial<DraftStage>) => setStages((held) => held.map((stage) => (stage.key === key ? { ...stage, ...part } : stage)));
  const kept = new Set(stages.map(({ id }) => id));
  // What a save does to records is asked first: stages that go with records, and stages that change what their records are.
  const going = pipeline.stages.filter((stage) => !kept.has(stage.id) && (counts.get(stage.id) ?? 0) > 0);
  const turning = pipeline.stages.filter((stage) => stages.some(({ id, kind }) => id === stage.id && kind !== stage.kind) && (counts.get(stage.id) ?? 0) > 0);
  const wrongOf = (field: string) => problem?.details?.find((detail) => detail.field === `input.${field}`)?.message;
  const left = problem && !problem.details?.some(({ field }) => told.test(field));

  /** adopt takes over what is there now, below what was typed since `before`, if anything was. */
  const adopt = async (before?: Draft) => {
    const now = await reload();
    if (!now) return;
    setPipeline(now);
    setDraft((held) => (before ? rebased(before, held, draftOf(now)) : draftOf(now)));
  };
  const save = async () => {
    setAsking(false);
    const wrong = wrongIn(draft, format.number);
    if (wrong) return setProblem(wrong);
    setProblem(null);
    setSaving(true);
    const kindBefore = new Map(pipeline.stages.map((stage) => [stage.id, stage.kind]));
    const input = {
      id: pipeline.id, name, description: description.trim() || null, category, recordType, staleAfterHours: whole(stale), requireLostReason: reason, expectedVersion: pipeline.version,
      stages: stages.map((stage) => ({
        ...(stage.id && { id: stage.id }), name: stage.name, color: stage.color, kind: stage.kind, staleAfterHours: whole(stage.stale), requiredFields: stage.required,
        ...(stage.kind === 'OPEN' && { defaultProbability: whole(stage.probability) }),
        ...(stage.id && kindBefore.get(stage.id) !== stage.kind && { confirmCount: counts.get(stage.id) ?? 0 }),
      })),
      moveRecords: going.map((stage) => ({ fromStageId: stage.id, toStageId: targetOf(stage.id), ...(isLost(targetOf(stage.id)) && given(reasonOf(stage.id))) })),
    };
    try {
      await update({ variables: { input } });
      // Told once nothing here counts as unsaved any more.
      await adopt();
      toast({ title: p.savedToast(name) });
    } catch (error) {
      const problem = problemOf(error);
      // Whoever reads of a conflict can save again: what is there now has been taken over by then.
      if (problem.code === 'CONFLICT') await adopt(draftOf(pipeline));
      setProblem(problem);
      // Cards came into a stage that goes, or lack a reason: the question is asked again.
      if (problem.code === 'STAGE_NOT_EMPTY') await reload();
      if (problem.code === 'STAGE_NOT_EMPTY' || problem.details?.some(({ field }) => /\.lostReason(Key)?$/.test(field))) setAsking(true);
    } finally {
      setSaving(false);
    }
  };
  const fallback = stages.find(({ id, kind }) => id && kind === 'OPEN')?.id ?? stages.find(({ id }) => id)?.id ?? '';
  const targetOf = (id: string) => targets[id] ?? fallback;
  const reasonOf = (id: string) => reasons[id] ?? noReason;
  const isLost = (id: string) => stages.find((stage) => stage.id === id)?.kind === 'LOST';
  if (notYours && !dirty) return notYours;
  return (
    <form ref={form} className={css.page} noValidate onSubmit={(event) => (event.preventDefault(), going.length + turning.length > 0 ? setAsking(true) : void save())}>
      <header className={css.top}>
        <h1>{p.editOf(pipeline.name)}</h1>
        <span className={css.actions}>
          <Link href={path(`pipelines/${pipeline.id}`)} className={ui.button}>{p.toBoard}</Link>
          <Button type="submit" look="primary" disabled={saving || !name.trim()}>{t.save}</Button>
        </span>
      </header>
      {problem && (left || problem.code === 'CONFLICT') && (
        <p className={ui.wrong} role="alert">
          {problem.code === 'CONFLICT' ? p.conflict : (wants(problem) ?? problem.details?.[0]?.message ?? (problem.code === 'LAST_OPEN_STAGE' ? p.lastOpen : sentence(problem)))}
        </p>
      )}
      <section className={css.fields}>
        <TextField label={p.name} value={name} onChange={(e) => set({ name: e.target.value })} maxLength={100} required wrong={wrongOf('name')} />
        <SelectField label={p.category} value={category} onChange={(e) => set({ category: e.target.value as typeof category })}>
          {Object.entries(p.categories).map(([key, label]) => <option key={key} value={key}>{label}</option>)}
        </SelectField>
        <SelectField label={p.recordType} value={recordType} onChange={(e) => set({ recordType: e.target.value as typeof recordType })}>
          {Object.entries(p.recordTypes).map(([key, label]) => <option key={key} value={key}>{label}</option>)}
        </SelectField>
        <TextField label={p.stale} hint={p.staleHint} value={stale} onChange={(e) => set({ stale: e.target.value })} type="number" min={1} wrong={wrongOf('staleAfterHours')} />
        <TextArea label={t.record.description} value={description} onChange={(e) => set({ description: e.target.value })} maxLength={500} wrong={wrongOf('description')} />
        <label className={css.check}><input type="checkbox" checked={reason} onChange={(e) => set({ reason: e.target.checked })} />{p.requireReason}</label>
      </section>
      <section className={css.section}>
        <h2>{p.stages}</h2>
        <p className={css.faint}>{p.stagesHint}</p>
        <SortableList items={stages} id={({ key }) => key} name={({ name }) => name || p.unnamed} label={p.stages} onOrder={(stages) => set({ stages })}>
          {(stage, index) => (
            <StageRow stage={stage} count={stage.id ? (counts.get(stage.id) ?? 0) : 0} onChange={(part) => change(stage.key, part)} alone={stages.length === 1}
              wrong={problem?.details?.filter(({ field }) => field.startsWith(`input.stages[${index}]`))}
              onRemove={() => (setStages((held) => held.filter(({ key }) => key !== stage.key)), removed.current = index)} />
          )}
        </SortableList>
        <Button ref={add} disabled={stages.length >= 50} onClick={() => setStages((held) => [...held, freshStage()])}>
          <Plus size={16} aria-hidden />{p.addStage}
        </Button>
      </section>
      {asking && (
        <Dialog open onClose={() => setAsking(false)} title={p.askTitle}
          foot={<><Button onClick={() => setAsking(false)}>{t.cancel}</Button><Button look="primary" disabled={going.length > 0 && !fallback} onClick={() => void save()}>{t.save}</Button></>}>
          <div className={css.form}>
            {going.map((stage, i) => (
              <Fragment key={stage.id}>
                <SelectField label={p.whereTo(stage.name, counts.get(stage.id) ?? 0)} value={targetOf(stage.id)} onChange={(e) => setTargets({ ...targets, [stage.id]: e.target.value })}>
                  {stages.flatMap(({ id, name }) => (id ? [<option key={id} value={id}>{name}</option>] : []))}
                </SelectField>
                {isLost(targetOf(stage.id)) && (
                  <ReasonFields reason={reasonOf(stage.id)} onChange={(change) => setReasons({ ...reasons, [stage.id]: { ...reasonOf(stage.id), ...change } })}
                    wrong={wrongOf(`moveRecords[${i}].lostReason`)} wrongKey={wrongOf(`moveRecords[${i}].lostReasonKey`)} />
                )}
              </Fragment>
            ))}
            {turning.map((stage) => <p key={stage.id}>{p.turns(counts.get(stage.id) ?? 0, stage.name, p.kinds[stages.find(({ id }) => id === stage.id)!.kind] ?? '')}</p>)}
          </div>
        </Dialog>
      )}
    </form>
  );
}

/** Where a refusal is told beside what is wrong. */
const told = /^input\.(name|description|staleAfterHours|stages\[|moveRecords\[\d+\]\.lostReason)/;

interface StageRowProps {
  stage: DraftStage;
  count: number;
  alone: boolean;
  wrong: Problem['details'];
  onChange: (part: Partial<DraftStage>) => void;
  onRemove: () => void;
}

function StageRow({ stage, count, alone, wrong, onChange, onRemove }: StageRowProps) {
  const of = stage.name || p.unnamed;
  const invalid = (name: string) => (wrong?.some(({ field }) => field.endsWith(`.${name}`)) ? true : undefined);
  const toggle = (field: RecordField) => onChange({ required: stage.required.includes(field) ? stage.required.filter((f) => f !== field) : [...stage.required, field] });
  return (
    <div className={css.stage}>
      <input type="color" className={css.color} value={stage.color.toLowerCase()} onChange={(e) => onChange({ color: e.target.value.toUpperCase() })} aria-label={p.colorOf(of)} />
      <input className={cx(ui.input, css.stageName)} value={stage.name} onChange={(e) => onChange({ name: e.target.value })} maxLength={60} aria-label={p.stageName} aria-invalid={invalid('name')} placeholder={p.stageName} />
      <Select aria-label={p.kindOf(of)} value={stage.kind} onChange={(e) => onChange({ kind: e.target.value as StageKind })} className={css.kind}>
        {Object.entries(p.kinds).map(([key, label]) => <option key={key} value={key}>{label}</option>)}
      </Select>
      <input className={cx(ui.input, css.percent)} type="number" min={0} max={100} disabled={stage.kind !== 'OPEN'} placeholder="%" value={stage.kind === 'OPEN' ? stage.probability : stage.kind === 'WON' ? '100' : '0'}
        onChange={(e) => onChange({ probability: e.target.value })} aria-label={p.probabilityOf(of)} aria-invalid={invalid('defaultProbability')} />
      <Menu trigger={<Button aria-label={p.requiredOf(of, stage.required.length)}>{p.required(stage.required.length)}</Button>}>
        {Object.entries(p.recordFields).map(([field, label]) => <MenuItem key={field} checked={stage.required.includes(field as RecordField)} onSelect={() => toggle(field as RecordField)}>{label}</MenuItem>)}
      </Menu>
      <span className={css.faint}>{count > 0 && t.board.cards(count)}</span>
      <Button look="quiet" icon disabled={alone} aria-label={p.removeStage(of)} onClick={onRemove}><Trash2 size={16} aria-hidden /></Button>
      {wrong && wrong.length > 0 && <p className={cx(ui.wrong, css.stageWrong)} role="alert">{wrong.map(({ message }) => message).join(' ')}</p>}
    </div>
  );
}
