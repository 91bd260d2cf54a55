import { useEffect, useState } from 'react';
import { problemOf, sentence, type Problem } from '../app/problem';
import { useWork } from '../app/session';
import { t } from '../app/texts';
import { RecordStory } from '../gql/story';
import type { RecordStoryQuery } from '../gql/types';
import type { Names } from '../people/use-names';
import { Avatar, Button, Skeleton } from '../ui/controls';
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
  const [problem, setProblem] = useState<Problem | null>(null);
  useEffect(() => {
    let left = false;
    // Read anew with each version of the card, so that what others do to it shows.
    client.query({ query: RecordStory, variables: { id, first: PAGE }, fetchPolicy: 'no-cache' }).then(
      ({ data }) => !left && (setWhole(data?.record ?? null), setOlder([]), setProblem(null)),
      (error: unknown) => !left && setProblem(problemOf(error)),
    );
    return () => {
      left = true;
    };
  }, [client, id, version]);
  const [end, setEnd] = useState<Whole['history']['pageInfo'] | null>(null);
  useEffect(() => setEnd(whole?.history.pageInfo ?? null), [whole]);
  const more = () =>
    client.query({ query: RecordStory, variables: { id, first: PAGE, after: end?.endCursor ?? null }, fetchPolicy: 'no-cache' }).then(
      ({ data }) => {
        setOlder((held) => [...held, ...(data?.record?.history.nodes ?? [])]);
        setEnd(data?.record?.history.pageInfo ?? null);
      },
      (error: unknown) => setProblem(problemOf(error)),
    );

  if (!whole) return problem ? <p role="alert" className={css.faint}>{sentence(problem)}</p> : <Skeleton block={160} />;
  const who = (actor: { id: string | null; name: string }) => (actor.id !== null && actor.id === viewer.member?.id ? t.you : actor.name);
  const longest = Math.max(1, ...whole.timeInStages.map(({ durationSeconds }) => durationSeconds));
  const commits = new Map<string, Change[]>();
  for (const change of [...whole.history.nodes, ...older]) {
    if (saying(change, known, format) !== null) commits.set(change.revision, [...(commits.get(change.revision) ?? []), change]);
  }
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
                {changes.map((change) => <p key={change.field}>{saying(change, known, format)}</p>)}
                <p className={css.faint}>{who(changes[0]!.actor)} · <time dateTime={changes[0]!.at}>{format.moment(changes[0]!.at)}</time></p>
              </div>
            </li>
          ))}
        </ol>
        {end?.hasNextPage ? <Button onClick={() => void more()}>{s.more}</Button> : !whole.history.isComplete && <p className={css.faint}>{s.cut}</p>}
      </section>
    </>
  );
}
