import { useCallback, useEffect, useRef, useState } from 'react';
import { problemOf, sentence, type Problem } from '../app/problem';
import { useWork } from '../app/session';
import { t } from '../app/texts';
import { RecordStory } from '../gql/story';
import type { RecordStoryQuery } from '../gql/types';
import type { Names } from '../people/use-names';
import { Avatar, Button, Skeleton } from '../ui/controls';
import { Failure } from '../ui/states';
import ui from '../ui/ui.module.css';
import css from './story.module.css';
import { saying } from './saying';

const s = t.story;
const PAGE = 20;

type Whole = NonNullable<RecordStoryQuery['record']>;
type Change = Whole['history']['nodes'][number];

/** Story tells what became of a card: how long it was in each stage, whose it was, and what changed, by whom and when. */
export default function Story({ id, version, known }: { id: string; version: number; known: Names }) {
  const { client, viewer, format } = useWork();
  const [whole, setWhole] = useState<Whole | null>(null);
  const [older, setOlder] = useState<readonly Change[]>([]);
  const [end, setEnd] = useState<Whole['history']['pageInfo'] | null>(null);
  const [failed, setFailed] = useState<{ problem: Problem; after: string | null } | null>(null);
  // The read that counts: what an earlier one brings is of no use any more.
  const turn = useRef(0);
  const [loading, setLoading] = useState(false);
  const read = useCallback(
    async (after: string | null) => {
      const now = ++turn.current;
      setLoading(true);
      setFailed(null);
      try {
        const { data } = await client.query({ query: RecordStory, variables: { id, first: PAGE, after }, fetchPolicy: 'no-cache' });
        if (now !== turn.current) return;
        const next = data?.record ?? null;
        if (after === null) setWhole(next);
        setOlder((held) => (after === null ? [] : [...held, ...(next?.history.nodes ?? [])]));
        setEnd(next?.history.pageInfo ?? null);
      } catch (error) {
        if (now === turn.current) setFailed({ problem: problemOf(error), after });
      } finally {
        if (now === turn.current) setLoading(false);
      }
    },
    [client, id],
  );
  useEffect(() => {
    // Read anew with each version of the card, so that what others do to it shows.
    void read(null);
    return () => void turn.current++;
  }, [read, version]);

  if (!whole) return failed ? <Failure problem={failed.problem} retry={() => void read(null)} /> : <Skeleton block={160} />;
  const who = (actor: { id: string | null; name: string }) => (actor.id !== null && actor.id === viewer.member?.id ? t.you : actor.name);
  const longest = Math.max(1, ...whole.timeInStages.map(({ durationSeconds }) => durationSeconds));
  const commits = new Map<string, Change[]>();
  for (const change of [...whole.history.nodes, ...older]) {
    if (saying(change, known, format) !== null) commits.set(change.revision, [...(commits.get(change.revision) ?? []), change]);
  }
  const lines = (changes: readonly Change[]) => changes.map((change) => <p key={change.field}>{saying(change, known, format)}</p>);
  return (
    <>
      <section>
        <h3>{s.stages}</h3>
        <ul className={css.bars}>
          {whole.timeInStages.map(({ stageId, stage, visits, durationSeconds }) => (
            <li key={stageId}>
              <span>{stage?.name ?? s.hidden}</span>
              <span className={css.faint}>{format.span(durationSeconds)}{visits > 1 && ` · ${s.visits(visits)}`}</span>
              <i style={{ inlineSize: `${Math.max(2, (100 * durationSeconds) / longest)}%`, background: stage?.color }} aria-hidden />
            </li>
          ))}
        </ul>
      </section>
      <section>
        <h3>{s.owners}</h3>
        <ol className={css.line}>
          {whole.ownerHistory.map((span) => (
            <li key={span.startedAt + (span.ownerId ?? '')}>
              {span.owner ? <Avatar of={span.owner} size={20} /> : <i className={css.nobody} aria-hidden />}
              <div>
                <p>{span.owner?.name ?? t.nobody} <span className={css.faint}>{format.span(span.durationSeconds)}</span></p>
                <p className={css.faint}>{span.endedAt ? s.fromTo(format.moment(span.startedAt), format.moment(span.endedAt)) : s.since(format.moment(span.startedAt))} · {s.by(who(span.changedBy))}</p>
                {span.note && <p className={css.faint}>{span.note}</p>}
              </div>
            </li>
          ))}
        </ol>
      </section>
      <section>
        <h3>{s.history}</h3>
        <ol className={css.line}>
          {[...commits].map(([revision, changes]) => (
            <li key={revision}>
              <i className={css.point} aria-hidden />
              <div>
                {changes[0]!.at === whole.createdAt ? <details><summary>{s.created}</summary>{lines(changes)}</details> : lines(changes)}
                <p className={css.faint}>{who(changes[0]!.actor)} · <time dateTime={changes[0]!.at}>{format.moment(changes[0]!.at)}</time></p>
              </div>
            </li>
          ))}
        </ol>
        {failed ? (
          <div role="alert">
            <p className={ui.wrong}>{sentence(failed.problem)} {failed.problem.requestId && <code className={ui.code}>{t.requestId(failed.problem.requestId)}</code>}</p>
            <Button disabled={loading} onClick={() => void read(failed.after)}>{t.again}</Button>
          </div>
        ) : end?.hasNextPage ? <Button disabled={loading} onClick={() => void read(end.endCursor)}>{s.more}</Button> : !whole.history.isComplete && <p className={css.faint}>{s.cut}</p>}
      </section>
    </>
  );
}
