import { useQuery } from '@apollo/client/react';
import { Activity as Icon } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useLocation } from 'wouter';
import { useWork } from '../app/session';
import { t } from '../app/texts';
import { People } from '../gql/app';
import type { PipelineFieldsFragment } from '../gql/types';
import { useNames } from '../people/use-names';
import { Avatar, Button, Skeleton } from '../ui/controls';
import { CloseButton, Sheet } from '../ui/overlays';
import { Failure, State } from '../ui/states';
import css from './activity.module.css';
import { useActivity } from './use-activity';
import { linesOf } from './words';

const a = t.activity;

/** ActivityPanel tells in words what happened in the workspace, or in one pipeline, and what happens. */
export default function ActivityPanel({ pipelines, onClose }: { pipelines: readonly PipelineFieldsFragment[]; onClose: () => void }) {
  const { format, viewer } = useWork();
  const [path, navigate] = useLocation();
  const here = /\/pipelines\/(pip_[^/]+)/.exec(path)?.[1] ?? null;
  const [all, setAll] = useState(false);
  const { commits, floor, problem, loading, earlier, retry } = useActivity(all ? null : here);
  const { data: people } = useQuery(People);
  const names = useNames(pipelines);
  const entries = useMemo(() => commits.map((commit) => ({ commit, lines: linesOf(commit, names) })).filter(({ lines }) => lines.length > 0), [commits, names]);
  const open = (id: string, pipelineId: string | null) => {
    const params = new URLSearchParams(pipelineId === here ? location.search : '');
    params.set('record', id);
    navigate(`${pipelineId && pipelineId !== here ? path.replace(/pipelines.*/, `pipelines/${pipelineId}`) : path}?${params}`);
  };
  return (
    <Sheet open onClose={onClose} title={a.title}>
      <div className={css.head}>
        <h2>{a.title}</h2>
        {here && (
          <label className={css.only}>
            <input type="checkbox" checked={!all} onChange={(event) => setAll(!event.target.checked)} />
            {a.onlyHere}
          </label>
        )}
        <CloseButton />
      </div>
      <div className={css.body} tabIndex={-1}>
        {problem && <Failure problem={problem} retry={retry} />}
        {!loading && !problem && entries.length === 0 && floor === 0 && <State icon={Icon} title={a.empty}>{a.emptyHint}</State>}
        <div role="log" aria-label={a.title} aria-busy={loading}>
        <ol>
          {entries.map(({ commit, lines }) => {
            const face = people?.members.nodes.find(({ id }) => id === commit.actor.id);
            return (
              <li key={commit.revision} className={css.entry}>
                <Avatar of={face ?? commit.actor} size={28} />
                <div>
                  <p className={css.who}>
                    <strong>{commit.actor.id === viewer.member?.id ? t.you : commit.actor.name}</strong>
                    <time dateTime={commit.at} title={format.moment(commit.at)}>{format.ago(commit.at)}</time>
                  </p>
                  {lines.map(({ key, text, recordId }) => (
                    <p key={key} className={css.line}>
                      {recordId ? <button type="button" onClick={() => open(recordId, commit.changes.find(({ entityId }) => entityId === recordId)?.pipelineId ?? here)}>{text}</button> : text}
                    </p>
                  ))}
                </div>
              </li>
            );
          })}
        </ol>
        </div>
        {loading && <div className={css.wait} role="status"><span className="hidden-visually">{t.loading}</span>{[0, 1, 2].map((i) => <Skeleton key={i} block={44} />)}</div>}
        {!loading && floor > 0 && <Button className={css.earlier} onClick={() => void earlier()}>{a.earlier}</Button>}
      </div>
    </Sheet>
  );
}
