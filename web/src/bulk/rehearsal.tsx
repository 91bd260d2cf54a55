import { useEffect, useRef, useState } from 'react';
import { useKeyring } from '../app/keyring';
import { NETWORK, sentence, type Problem } from '../app/problem';
import { useWork } from '../app/session';
import { t } from '../app/texts';
import { restore } from '../app/texts/restore';
import { rowsOf, type Chosen, type Rows } from '../board/selection';
import { Start } from '../gql/app';
import { Named } from '../gql/bulk';
import type { PipelineFieldsFragment } from '../gql/types';
import { jobs } from '../jobs/jobs';
import type { BoardFeed } from '../live/feed';
import type { Replica } from '../live/replica';
import { submitting, tagsOf } from '../record/form';
import { asksWhy, isGiven, useReason } from '../record/reason';
import { ReasonFields } from '../record/reason-fields';
import { Button, Skeleton, TextField } from '../ui/controls';
import { Dialog } from '../ui/overlays';
import { toast } from '../ui/toasts';
import ui from '../ui/ui.module.css';
import css from './bulk.module.css';
import { undo } from './restore';
import { refusals, run, type Outcome, type Wish } from './wish';

const k = t.bulk;
/** More are not rehearsed by the server. */
const MOST = 5_000;
/** More are done by a job. */
const AT_ONCE = 500;

interface RehearsalProps {
  wish: Wish;
  feed: BoardFeed;
  board: Replica;
  chosen: Chosen;
  pipelines: readonly PipelineFieldsFragment[];
  onClose: () => void;
  onDone: () => void;
}

/** Rehearsal asks for what is still missing, tries the wish out without changing anything, tells what would come of it, and does it. */
export function Rehearsal({ wish: first, feed, board, chosen, pipelines, onClose, onDone }: RehearsalProps) {
  const work = useWork();
  const { client } = work;
  const keyOf = useKeyring();
  const [wish, setWish] = useState(first);
  const [whole, setWhole] = useState(!lacks(first, board, pipelines, work.reasonNeeded));
  // What was chosen when it began: what is told and what is done are about the same cards.
  const [rows, setRows] = useState<Rows>(() => rowsOf(chosen, board, feed.filter));
  const asked = useRef(count(rows));
  const [tried, setTried] = useState<Outcome | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [doing, setDoing] = useState(false);
  const large = count(rows) > MOST;

  useEffect(() => {
    if (!whole || tried || problem || large) return;
    let left = false;
    void run(client, wish, rows, null).then((came) => {
      if (left) return;
      setRows(came.rows);
      if (came.problem) setProblem(came.problem);
      else if (came.outcome) setTried(came.outcome);
    });
    return () => {
      left = true;
    };
  }, [client, wish, rows, whole, tried, problem, large]);

  // Whose rights end meanwhile loses the bar and this with it.
  useEffect(() => () => {
    const held = client.readQuery({ query: Start })?.viewer.permissions;
    if (held && !held.includes('CAN_EDIT_CRM')) toast({ tone: 'warn', ...restore.mayNot });
  }, [client]);

  const go = async () => {
    setDoing(true);
    setProblem(null);
    const came = await run(client, wish, rows, keyOf);
    setDoing(false);
    if (came.problem) {
      // Perhaps it was done, and only the answer was lost: then it is not rehearsed again, but asked for again.
      if (came.problem.code === NETWORK) return setProblem(came.problem);
      setRows(came.rows);
      setTried(null);
      // Other cards than were told: tell again before it is done.
      return setProblem(came.problem.code === 'CONFLICT' ? null : came.problem);
    }
    const { outcome } = came;
    if (outcome?.job) jobs.watch(outcome.job.id);
    else if (outcome) {
      const action = wish.do === 'remove' ? undo(work, outcome.results.flatMap(({ id, ok }) => (ok ? id : []))) : undefined;
      toast({ tone: outcome.failed ? 'warn' : 'good', title: k.did[wish.do](outcome.changed), ...(outcome.failed && { text: k.failedToo(outcome.failed) }), action });
    }
    onDone();
  };

  const title = 'to' in wish ? (k.titles[wish.do] as (to: string) => string)(wish.to) : (k.titles[wish.do] as string);
  if (!whole) {
    return (
      <Dialog open onClose={onClose} title={title}>
        <Ask wish={wish} onClose={onClose} onAnswer={(next) => (setWish(next), setWhole(true))} />
      </Dialog>
    );
  }
  const ready = large || (tried !== null && tried.changed > 0);
  return (
    <Dialog open onClose={onClose} title={title} {...(wish.do === 'remove' && { description: k.removeHint })}
      foot={<><Button onClick={onClose}>{t.cancel}</Button><Button look={wish.do === 'remove' ? 'danger' : 'primary'} disabled={!ready || doing} onClick={() => void go()}>{k.confirm[wish.do]}</Button></>}>
      <div className={css.told} role="status" aria-busy={!tried && !problem && !large}>
        {problem && <Refused problem={problem} onAgain={() => (tried || large ? void go() : setProblem(null))} />}
        {!problem && large && <p>{k.tooMany(count(rows))}</p>}
        {!problem && !large && !tried && <><p className={css.faint}>{k.rehearsing}</p><Skeleton block={20} inline="60%" /></>}
        {!problem && tried && (
          <>
            {count(rows) !== asked.current && <p className={css.faint}>{k.other(count(rows))}</p>}
            <Told wish={wish} outcome={tried} feed={feed} />
            {count(rows) > AT_ONCE && tried.changed > 0 && <p className={css.faint}>{k.asJob}</p>}
          </>
        )}
      </div>
    </Dialog>
  );
}

/** Told says what would come of it: "38 cards will move, 2 cannot, because …". */
function Told({ wish, outcome, feed }: { wish: Wish; outcome: Outcome; feed: BoardFeed }) {
  const { format } = useWork();
  const groups = refusals(outcome);
  const names = useNames(feed, groups.flatMap(({ ids }) => ids.slice(0, 3)));
  return (
    <>
      <p className={css.verdict}>
        {outcome.changed > 0 || outcome.failed > 0 ? k.will[wish.do](outcome.changed) : k.nothingToDo}
        {outcome.failed > 0 && `, ${k.cannot(outcome.failed)}`}
      </p>
      {groups.length > 0 && (
        <ul className={css.why}>
          {groups.map(({ why, ids }) => {
            const known = ids.slice(0, 3).flatMap((id) => names.get(id) ?? []);
            return (
              <li key={why}>
                <strong>{k.because(ids.length, why)}</strong>
                {known.length > 0 && <span>{k.some(format.list(known.map((name) => `“${name}”`)), ids.length - known.length)}</span>}
              </li>
            );
          })}
        </ul>
      )}
      {outcome.unchanged > 0 && <p className={css.faint}>{k.already(outcome.unchanged)}</p>}
    </>
  );
}

/** useNames gives the titles of cards, also of those that are not loaded. */
function useNames(feed: BoardFeed, ids: readonly string[]): ReadonlyMap<string, string> {
  const { client } = useWork();
  const [names, setNames] = useState(() => new Map(ids.flatMap((id) => (feed.card(id) ? [[id, feed.card(id)!.title] as const] : []))));
  const missing = ids.filter((id) => !names.has(id)).join(' ');
  useEffect(() => {
    if (!missing) return;
    client.query({ query: Named, variables: { filter: { id: { in: missing.split(' ') } } }, fetchPolicy: 'no-cache' }).then(
      ({ data }) => setNames((held) => new Map([...held, ...(data?.records.nodes.map(({ id, title }) => [id, title] as const) ?? [])])),
      () => undefined, // the reasons stand without names
    );
  }, [client, missing]);
  return names;
}

function Refused({ problem, onAgain }: { problem: Problem; onAgain: () => void }) {
  const details = problem.details?.map(({ message }) => message).join(' ');
  return (
    <div className={ui.wrong} role="alert">
      <p>{problem.code === 'VALIDATION_FAILED' && details ? details : sentence(problem)}</p>
      {problem.requestId && <code className={ui.code}>{t.requestId(problem.requestId)}</code>}
      {(problem.code === NETWORK || problem.code === 'OVERLOADED' || problem.code === 'RATE_LIMITED') && <p><Button onClick={onAgain}>{t.again}</Button></p>}
    </div>
  );
}

/** Ask takes what a wish lacks: tags, or why something was lost. */
function Ask({ wish, onClose, onAnswer }: { wish: Wish; onClose: () => void; onAnswer: (wish: Wish) => void }) {
  const [[one, two], setTexts] = useState(['', '']);
  const { reason, onChange } = useReason();
  const [missing, setMissing] = useState(false);
  const submit = () => {
    const [add, remove] = [tagsOf(one), tagsOf(two)];
    if (wish.do === 'tag' && add.length + remove.length > 0) return onAnswer({ ...wish, add, remove });
    if (wish.do === 'move' && isGiven(reason)) return onAnswer({ ...wish, reason });
    setMissing(true);
  };
  return (
    <form className={css.ask} onSubmit={submitting(submit)} noValidate>
      {wish.do === 'tag' ? (
        <>
          <TextField label={k.addTags} hint={t.record.tagsHint} wrong={missing && k.tagsMissing} value={one} onChange={(e) => setTexts([e.target.value, two])} autoFocus />
          <TextField label={k.removeTags} hint={t.record.tagsHint} value={two} onChange={(e) => setTexts([one, e.target.value])} />
        </>
      ) : (
        <ReasonFields reason={reason} onChange={onChange} hint={t.board.lostReason.hint} wrong={missing && t.board.lostReason.title} autoFocus />
      )}
      <div className={ui.dialogFoot}>
        <Button onClick={onClose}>{t.cancel}</Button>
        <Button type="submit" look="primary">{k.next}</Button>
      </div>
    </form>
  );
}

function lacks(wish: Wish, board: Replica, pipelines: readonly PipelineFieldsFragment[], reasonNeeded: boolean): boolean {
  if (wish.do === 'tag') return wish.add.length + wish.remove.length === 0;
  if (wish.do !== 'move') return false;
  const pipeline = wish.toPipelineId ? pipelines.find(({ id }) => id === wish.toPipelineId) : board.pipeline;
  return !wish.reason && asksWhy(pipeline, wish.toStageId, reasonNeeded);
}

const count = (rows: Rows) => ('ids' in rows ? rows.ids.length : rows.expectedCount);
