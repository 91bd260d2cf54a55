import { useMutation, useQuery } from '@apollo/client/react';
import { ArrowRightLeft, FileQuestion, Link2, MessageCircle, Pencil, Trash2 } from 'lucide-react';
import { Suspense, use, useCallback, useEffect, useLayoutEffect, useRef, useState, type ReactNode } from 'react';
import { problemOf, sentence, type Problem } from '../app/problem';
import { useWork } from '../app/session';
import { t } from '../app/texts';
import { forms } from '../app/texts/forms';
import { Scope, closing, useUnsaved } from '../app/unsaved';
import { Pipelines } from '../gql/pipeline';
import { RecordPanel as Panel, UpdateRecord, WatchRecord } from '../gql/record';
import type { PipelineFieldsFragment, RecordDetailFragment, WatchRecordSubscription } from '../gql/types';
import { useChanges } from '../live/use-changes';
import { useNames } from '../people/use-names';
import { Avatar, Badge, Button, Skeleton } from '../ui/controls';
import { lazily, overlay } from '../ui/lazily';
import { CloseButton, Sheet } from '../ui/overlays';
import { Boundary, Failure, State } from '../ui/states';
import ui from '../ui/ui.module.css';
import { RecordFields, changes, rebased, submitting, useDraft, useFirstWrong, useReading, wrongIn, type Draft } from './form';
import { probabilityText, type Reading } from './numbers';
import Parts from './parts';
import { told } from './reason';
import css from './record.module.css';
import { Section, conflictOf } from './section';
import { unreadIn } from './unread';

const Story = lazily(() => import('./story'), 'early');
const TransferDialog = overlay(() => import('./transfer'));

const r = t.record;

/** RecordPanel shows a card whole, beside its board; what others change about it shows at once. */
export default function RecordPanel({ id, onClose, onRemove }: { id: string; onClose: () => void; onRemove: (card: RecordDetailFragment) => void }) {
  const { data, error, refetch } = useQuery(Panel, { variables: { id }, fetchPolicy: 'cache-and-network' });
  const { data: all } = useQuery(Pipelines);
  const [editing, setEditing] = useState<boolean | 'ended'>(false);
  const [held, setHeld] = useState(data?.record);
  if (data?.record && data.record !== held) setHeld(data.record);
  // What is typed about a card that goes meanwhile stays: it may come back.
  const record = editing === true ? (data?.record ?? held) : data?.record;
  const version = data?.record?.version;
  const again = useAgain(refetch);
  const read = useRef(version);
  // A stream brings what cards show; the rest is read again when another version is there.
  useEffect(() => {
    if (read.current !== undefined && version !== undefined && version > read.current) void again();
    read.current = version;
  }, [version, again]);
  useWatch(id, version, again, data !== undefined);
  // Whether one may see it no stream of changes tells.
  const rights = useWork().viewer.permissions.join();
  const had = useRef(rights);
  useEffect(() => {
    if (had.current !== rights) void again();
    had.current = rights;
  }, [rights, again]);
  const pipeline = all?.pipelines.find((p) => p.id === record?.pipelineId);
  return (
    <Sheet open onClose={onClose} title={record?.title ?? t.loading}>
      {record ? (
        editing === true ? <Edit record={record} gone={data?.record === null} pipeline={pipeline} onDone={() => setEditing('ended')} /> : <View record={record} edited={editing === 'ended'} pipeline={pipeline} pipelines={all?.pipelines ?? []} onEdit={() => setEditing(true)} onRemove={() => onRemove(record)} />
      ) : (
        <>
          <div className={css.head}><CloseButton /></div>
          {error ? <Failure problem={problemOf(error)} retry={() => void refetch()} />
            : data && data.record === null ? <State icon={FileQuestion} title={r.missing} actions={<Button onClick={onClose}>{t.close}</Button>}>{r.missingHint}</State>
            : <div className={css.body}><Skeleton block={28} inline="70%" /><Skeleton block={120} /><Skeleton block={200} /></div>}
        </>
      )}
    </Sheet>
  );
}

/** useAgain reads again, and once more when it was asked to meanwhile: what is under way may be older than that. */
function useAgain(read: () => Promise<unknown>) {
  const [busy, wanted] = [useRef(false), useRef(false)];
  return useCallback(async () => {
    wanted.current = true;
    if (busy.current) return;
    busy.current = true;
    while (wanted.current) {
      wanted.current = false;
      await read().catch(() => undefined);
    }
    busy.current = false;
  }, [read, busy, wanted]);
}

/** useWatch reads a card again when the log tells of a version that is not here yet: a board tells only of the cards on it. */
function useWatch(id: string, version: number | undefined, again: () => Promise<void>, ready: boolean) {
  const held = useRef(version);
  held.current = version;
  const see = useCallback((frame: WatchRecordSubscription['changes']) => {
    if (frame.__typename === 'ChangesReady') return;
    const versions = frame.__typename === 'ChangeCommit' ? frame.changes.map(({ after }) => (after as { version?: number } | null)?.version ?? Infinity) : [Infinity];
    if (Math.max(...versions) > (held.current ?? 0)) void again();
  }, [again]);
  useChanges<WatchRecordSubscription>(WatchRecord, see, ready ? undefined : null, { entities: ['record'], entityId: id });
}

function View({ record, edited, pipeline, pipelines, onEdit, onRemove }: { record: RecordDetailFragment; edited: boolean; pipeline: PipelineFieldsFragment | undefined; pipelines: readonly PipelineFieldsFragment[]; onEdit: () => void; onRemove: () => void }) {
  const { can, format, reasons } = useWork();
  const [moving, setMoving] = useState(false);
  const scope = use(Scope) ?? '';
  // What was typed into parts and may go, goes: they begin anew.
  const [round, setRound] = useState(0);
  const without = (go: () => void) => closing(scope, () => {
    setRound(round + 1);
    go();
  });
  const known = useNames(pipelines);
  const stage = pipeline?.stages.find(({ id }) => id === record.stageId);
  return (
    <>
      <div className={css.head}>
        <span className={css.number}>{r.number(record.number)}</span>
        {can('CAN_EDIT_CRM') && (
          <>
            <Button look="quiet" onClick={() => without(onEdit)} autoFocus={edited}><Pencil size={16} aria-hidden />{r.edit}</Button>
            {pipelines.length > 1 && <Button look="quiet" icon aria-label={t.story.transfer} title={t.story.transfer} onClick={() => setMoving(true)}><ArrowRightLeft size={16} aria-hidden /></Button>}
            <Button look="quiet" icon aria-label={t.remove} onClick={() => without(onRemove)}><Trash2 size={16} aria-hidden /></Button>
          </>
        )}
        <CloseButton />
      </div>
      <div className={css.body}>
        <h2 className={css.title}>{record.title}</h2>
        <div className={css.badges}>
          {stage && <Badge><i className={css.dot} style={{ background: stage.color }} aria-hidden />{stage.name}</Badge>}
          <Badge tone={record.status === 'WON' ? 'good' : record.status === 'LOST' ? 'bad' : 'accent'}>{t.filters.statuses[record.status]}</Badge>
          {record.isOverdue && <Badge tone="bad">{t.board.overdue}</Badge>}
          {record.isStale && <Badge tone="warn">{t.board.stale}</Badge>}
          <span className={css.faint}>{r.inStage(format.span(record.timeInStageSeconds))}</span>
        </div>
        <dl className={css.facts}>
          <Fact term={r.value}>{record.value ? format.money(record.value) : null}</Fact>
          <Fact term={r.probability}>{format.percent(record.probability)}</Fact>
          <Fact term={r.owner}>{record.owner ? <span className={css.person}><Avatar of={record.owner} size={20} />{record.owner.name}</span> : t.nobody}</Fact>
          <Fact term={r.priority}>{t.board.priority[record.priority]}</Fact>
          <Fact term={r.contact}>{record.contact ? <span className={css.person}>{record.contact.fullName || record.contactName}<Linked /></span> : record.contactName}</Fact>
          <Fact term={r.company}>{record.company ? <span className={css.person}>{record.companyName}<Linked /></span> : record.companyName}</Fact>
          <Fact term={r.email}>{record.contactEmail && <a href={`mailto:${record.contactEmail}`}>{record.contactEmail}</a>}</Fact>
          <Fact term={r.phone}>{record.contactPhone && <a href={`tel:${record.contactPhone}`}>{record.contactPhone}</a>}</Fact>
          <Fact term={r.expectedClose}>{record.expectedCloseDate && format.day(record.expectedCloseDate)}</Fact>
          <Fact term={t.board.lostReason.label}>{told(record, reasons)}</Fact>
          <Fact term={r.channel}>{record.channel && r.channels[record.channel]}</Fact>
          <Fact term={r.source}>{[r.sources[record.source], record.sourceDetail].filter(Boolean).join(' · ')}</Fact>
          <Fact term={r.externalId}>{record.externalId}</Fact>
        </dl>
        {record.tags.length > 0 && <div className={css.badges}>{record.tags.map((tag) => <Badge key={tag}>{tag}</Badge>)}</div>}
        {record.chatUrl && <a className={ui.button} href={record.chatUrl} target="_blank" rel="noreferrer"><MessageCircle size={16} aria-hidden />{r.chat}</a>}
        <section>
          <h3>{r.description}</h3>
          <p className={css.text}>{record.description || <span className={css.faint}>{r.noDescription}</span>}</p>
        </section>
        <Parts key={round} record={record} editable={can('CAN_EDIT_CRM')} />
        {record.tasks.length > 0 && (
          <Section title={r.tasks} more={record.openTaskCount > 0 && [r.openTasks(record.openTaskCount), record.nextDueAt && r.nextDue(format.moment(record.nextDueAt))].filter(Boolean).join(', ')}>
            <ul className={css.tasks}>
              {record.tasks.map((task) => (
                <li key={task.id} data-done={task.status === 'DONE' || undefined}>
                  <span>{task.title}</span>
                  {task.dueAt && <time dateTime={task.dueAt}>{format.moment(task.dueAt)}</time>}
                </li>
              ))}
            </ul>
          </Section>
        )}
        <Boundary><Suspense fallback={<Skeleton block={160} />}><Story id={record.id} version={record.version} known={known} /></Suspense></Boundary>
        <footer className={css.faint}>
          <p>{r.created(format.moment(record.createdAt), record.createdBy.name)}</p>
          <p>{r.updated(format.moment(record.updatedAt), record.updatedBy.name)}</p>
        </footer>
      </div>
      {moving && <TransferDialog record={record} pipelines={pipelines} onClose={() => setMoving(false)} />}
    </>
  );
}

/** Linked marks what is more than a text. */
function Linked() {
  return <><Link2 className={css.faint} size={14} aria-hidden /><span className="hidden-visually">{r.linked}</span></>;
}

function Fact({ term, children }: { term: string; children: ReactNode }) {
  if (children === null || children === undefined || children === '') return null;
  return (
    <div>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** draftOf is a record as a form has it. */
function draftOf(record: RecordDetailFragment, currency: string, reading: Reading): Draft {
  return {
    title: record.title, stageId: record.stageId, amount: record.value ? reading.format.typed(record.value.amount) : '', probability: probabilityText(record.probability, record.stageId, reading), currency: record.value?.currency ?? currency, ownerId: record.owner?.id ?? '',
    priority: record.priority, contactId: record.contact?.id ?? '', contactName: record.contact?.fullName || (record.contactName ?? ''), companyId: record.company?.id ?? '',
    companyName: record.company?.name ?? record.companyName ?? '', contactEmail: record.contactEmail ?? '',
    contactPhone: record.contactPhone ?? '', lostReason: record.lostReason ?? '', lostReasonKey: record.lostReasonKey ?? '', channel: record.channel ?? '', chatUrl: record.chatUrl ?? '', sourceDetail: record.sourceDetail ?? '',
    externalId: record.externalId ?? '', expectedCloseDate: record.expectedCloseDate ?? '', tags: record.tags.join(', '), description: record.description ?? '',
  };
}

function Edit({ record, gone, pipeline, onDone }: { record: RecordDetailFragment; gone: boolean; pipeline: PipelineFieldsFragment | undefined; onDone: () => void }) {
  const { viewer, client } = useWork();
  const [update] = useMutation(UpdateRecord);
  const [saving, setSaving] = useState(false);
  const reading = useReading(pipeline);
  const [problem, setProblem] = useState<Problem | null>(null);
  const refused = useFirstWrong(problem);
  // What the form began with: a save says so, and is refused when somebody changed the card meanwhile.
  const [first, setFirst] = useState({ draft: draftOf(record, viewer.workspace.defaultCurrency, reading), version: record.version });
  const form = useDraft(first.draft);
  useUnsaved(Object.keys(changes(first.draft, form.draft, reading)).length > 0, { params: ['record'] });
  useLayoutEffect(() => refused.current?.querySelector('input')?.focus(), [refused]);
  const submit = async () => {
    const change = changes(first.draft, form.draft, reading);
    if (Object.keys(change).length === 0) return onDone();
    const unread = unreadIn(form.draft, first.draft, reading);
    if (unread) return setProblem(unread);
    setSaving(true);
    try {
      await update({ variables: { input: { id: record.id, ...change, expect: { version: first.version } } } });
      onDone();
    } catch (error) {
      const problem = problemOf(error);
      // Whoever reads of a conflict can save again: what is there now has been taken over by then.
      if (problem.code === 'CONFLICT') await takeOver();
      setProblem(problem);
    } finally {
      setSaving(false);
    }
  };
  /** takeOver puts what others changed below what was typed here. */
  const takeOver = async () => {
    const { data } = await client.query({ query: Panel, variables: { id: record.id }, fetchPolicy: 'network-only' }).catch(() => ({ data: undefined }));
    if (!data?.record) return;
    const now = draftOf(data.record, viewer.workspace.defaultCurrency, reading);
    setFirst({ draft: now, version: data.record.version });
    form.setDraft((held) => rebased(first.draft, held, now));
  };
  return (
    <>
      <div className={css.head}>
        <span className={css.number}>{r.number(record.number)}</span>
        <CloseButton />
      </div>
      <form ref={refused} className={css.body} onSubmit={submitting(() => void submit())} noValidate>
        {gone ? <p className={ui.wrong} role="alert">{forms.cardGone}</p> : problem && !problem.details?.length && <p className={ui.wrong} role="alert">{problem.code === 'CONFLICT' ? conflictOf(problem) : sentence(problem)}</p>}
        <div className={css.form}>
          <RecordFields pipeline={pipeline} before={first.draft} form={form} wrong={wrongIn(problem)} valueFollows={record.valueFromItems} />
        </div>
        <div className={css.foot}>
          <Button onClick={onDone}>{t.cancel}</Button>
          <Button type="submit" look="primary" disabled={saving || gone}>{t.save}</Button>
        </div>
      </form>
    </>
  );
}
