import { ArrowRight, CircleMinus, History, PencilLine } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { problemOf, sentence } from '../app/problem';
import { useWork } from '../app/session';
import { t } from '../app/texts';
import { CardBody } from '../board/card';
import { ColumnHead } from '../board/column';
import column from '../board/column.module.css';
import kanban from '../board/kanban.module.css';
import { ColumnPage } from '../gql/board';
import type { RecordFilter } from '../gql/types';
import type { Card } from '../live/replica';
import { Button, Select, Skeleton, cx } from '../ui/controls';
import { Failure, State } from '../ui/states';
import { toast } from '../ui/toasts';
import css from './past.module.css';
import { placeOf, scaleFor, steps, timeAt, type Scale } from './scale';
import { PAGE, usePast, type CardSince, type Changes, type StageSince, type Then } from './use-past';

const p = t.past;

interface PastProps {
  pipelineId: string;
  filter: RecordFilter | null;
  at: string;
  onAt: (at: string) => void;
  onNow: () => void;
  onOpen: (id: string) => void;
}

/** PastBoard is the board as it was, to look at only, with what became of each stage and card since. */
export default function PastBoard({ pipelineId, filter: wanted, at, onAt, onNow, onOpen }: PastProps) {
  const { then, filter, since, problem, waiting, retry } = usePast(pipelineId, wanted, at);
  return (
    <>
      <TimeBar at={at} waiting={waiting} since={since} onAt={onAt} onNow={onNow} />
      {problem ? (
        problem.code === 'NOT_FOUND' || problem.code === 'CURSOR_EXPIRED' ? (
          <State icon={History} title={problem.code === 'NOT_FOUND' ? p.notYet : p.tooOld} actions={<Button onClick={onNow}>{p.now}</Button>}>{p.notYetHint}</State>
        ) : (
          <Failure problem={problem} retry={retry} />
        )
      ) : (
        <div className={cx(kanban.board, css.board)} role="group" aria-label={p.label(then?.pipeline.name ?? '')} aria-busy={waiting} data-waiting={waiting || undefined}>
          {!then && Array.from({ length: 4 }, (_, i) => <div key={i} className={column.column}><Skeleton block={96} /></div>)}
          {then?.columns.map((one) => (
            <PastColumn key={`${then.revision} ${JSON.stringify(filter)} ${one.stage.id}`} then={then} column={one} filter={filter} since={since} onOpen={onOpen} />
          ))}
        </div>
      )}
    </>
  );
}

/** TimeBar says which time is shown, and goes to another. A hand that slides is waited for, and sees where it is in steps. */
function TimeBar({ at, waiting, since, onAt, onNow }: Pick<PastProps, 'at' | 'onAt' | 'onNow'> & { waiting: boolean; since: Changes | null }) {
  const { format } = useWork();
  const [now] = useState(() => Date.now());
  const [scale, setScale] = useState<Scale>(() => scaleFor(Date.parse(at), now));
  const [slid, setSlid] = useState<number | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const time = slid === null ? Date.parse(at) : timeAt(scale, slid, now);
  const go = (scale: Scale, place: number) => {
    setScale(scale);
    setSlid(place);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      onAt(new Date(timeAt(scale, place, now)).toISOString());
      setSlid(null);
    }, 200);
  };
  const shown = format.moment(new Date(time).toISOString());
  return (
    <section className={css.bar} aria-label={p.bar}>
      <History size={18} aria-hidden />
      <p className={css.when} role="status">
        <strong>{p.asOf(shown)}</strong>
        <span>{waiting ? t.loading : since ? p.changed(since.total) : p.readOnly}</span>
      </p>
      <input className={css.slider} type="range" min={0} max={steps(scale) - 1} value={slid ?? placeOf(scale, time, now)} onChange={(e) => go(scale, Number(e.target.value))} aria-label={p.slider} aria-valuetext={shown} />
      <Select className={css.scale} aria-label={p.reach} value={scale} onChange={(e) => go(e.target.value as Scale, placeOf(e.target.value as Scale, time, now))}>
        {Object.entries(p.scales).map(([key, name]) => <option key={key} value={key}>{name}</option>)}
      </Select>
      <Button look="primary" onClick={onNow}>{p.now}</Button>
    </section>
  );
}

type PastColumnData = Then['columns'][number];

function PastColumn({ then, column: one, filter, since, onOpen }: { then: Then; column: PastColumnData; filter: RecordFilter | null; since: Changes | null; onOpen: (id: string) => void }) {
  const { client } = useWork();
  const [cards, setCards] = useState<readonly Card[]>(one.cards.nodes);
  const [cursor, setCursor] = useState(one.cards.pageInfo.hasNextPage ? one.cards.pageInfo.endCursor : null);
  const [loading, setLoading] = useState(false);
  const { stage, totals } = one;
  const more = async () => {
    setLoading(true);
    try {
      const { data } = await client.query({
        query: ColumnPage, fetchPolicy: 'no-cache', variables: { pipelineId: then.pipeline.id, filter, at: then.revision, stageId: stage.id, first: PAGE, after: cursor },
      });
      const next = data?.board.column?.cards;
      setCards([...cards, ...(next?.nodes ?? [])]);
      setCursor(next?.pageInfo.hasNextPage ? next.pageInfo.endCursor : null);
    } catch (error) {
      toast({ tone: 'bad', title: t.board.moreFailed, text: sentence(problemOf(error)) });
    }
    setLoading(false);
  };
  const of = since?.stages.get(stage.id);
  return (
    <section className={column.column} data-column={stage.id} aria-label={`${stage.name}, ${t.board.cards(totals.count)}`}>
      <ColumnHead stage={stage} column={one} onAdd={null}>{of && <StageNote since={of} />}</ColumnHead>
      <div className={column.scroller} tabIndex={-1}>
        {totals.count === 0 && <div className={column.empty}><p>{p.empty}</p></div>}
        <ul className={css.list}>
          {cards.map((card) => (
            <li key={card.id} className={css.card} data-card={card.id} data-since={since?.cards.get(card.id)?.kind}>
              <CardBody card={card} title={<button type="button" data-title={card.id} onClick={() => onOpen(card.id)}>{card.title}</button>} />
              <CardNote since={since?.cards.get(card.id)} stages={since?.stages} />
            </li>
          ))}
        </ul>
        {cursor && <div className={column.stuck}><Button disabled={loading} onClick={() => void more()}>{p.more}</Button></div>}
      </div>
    </section>
  );
}

/** StageNote says what became of a stage since. */
function StageNote({ since }: { since: StageSince }) {
  const [came, went] = [since.entered + since.movedIn, since.left + since.movedOut];
  return <p className={css.stage}>{came + went + since.updated === 0 ? p.same : p.stage(came, went, since.updated, since.after.count)}</p>;
}

/** CardNote says what became of a card since; nothing when nothing did. */
function CardNote({ since, stages }: { since: CardSince | undefined; stages: Changes['stages'] | undefined }) {
  if (!since) return null;
  if (since.kind === 'LEFT') return <p className={css.note} data-tone="bad"><CircleMinus size={14} aria-hidden />{p.left}</p>;
  const to = stages?.get(since.after?.stageId ?? '')?.stage.name;
  if (since.kind === 'MOVED' && to) return <p className={css.note} data-tone="accent"><ArrowRight size={14} aria-hidden />{p.moved(to)}</p>;
  const fields = since.changedFields.flatMap((field) => t.fields[field] ?? []);
  return <p className={css.note}><PencilLine size={14} aria-hidden />{p.updated([...new Set(fields)].join(', '))}</p>;
}
