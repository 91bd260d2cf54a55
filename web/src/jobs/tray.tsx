import { useMutation, useQuery } from '@apollo/client/react';
import { print } from '@apollo/client/utilities';
import { X } from 'lucide-react';
import { useEffect, useSyncExternalStore } from 'react';
import { problemOf, sentence } from '../app/problem';
import { useWork } from '../app/session';
import { t } from '../app/texts';
import { CancelJob, OneJob, WatchJob } from '../gql/jobs';
import type { JobFieldsFragment } from '../gql/types';
import { Button } from '../ui/controls';
import { toast } from '../ui/toasts';
import { jobs } from './jobs';
import css from './tray.module.css';

const j = t.jobs;

/** JobTray shows what goes on behind the scenes, how far it is, and how to stop it. */
export default function JobTray() {
  const ids = useSyncExternalStore(jobs.subscribe, jobs.snapshot);
  return (
    <section className={css.tray} aria-label={j.label}>
      {ids.map((id) => <OneOf key={id} id={id} />)}
    </section>
  );
}

function OneOf({ id }: { id: string }) {
  const { socket } = useWork();
  const { data, refetch } = useQuery(OneJob, { variables: { id }, fetchPolicy: 'cache-and-network' });
  const job = data?.job;
  const over = job ? isOver(job) : false;
  useEffect(() => {
    if (over) return;
    const ask = () => void refetch().catch(() => undefined);
    const stop = socket.client.subscribe(
      { query: print(WatchJob), operationName: 'WatchJob', variables: { filter: { entityId: id } } },
      { next: ask, error: ask, complete: () => undefined },
    );
    // Frames that came before the subscription stood, or while the connection was lost, are made up for.
    const off = socket.subscribe(() => socket.state() === 'connected' && ask());
    const timer = setInterval(ask, 10_000);
    return () => {
      stop();
      off();
      clearInterval(timer);
    };
  }, [id, over, socket, refetch]);
  if (data && !job) return null;
  return job ? <Shown job={job} over={over} /> : null;
}

function Shown({ job, over }: { job: JobFieldsFragment; over: boolean }) {
  const [cancel] = useMutation(CancelJob);
  const title = j.kinds[job.kind] ?? j.anyKind;
  const result = (job.result ?? {}) as { changed?: number; failed?: number; errors?: { error: { message: string } }[] };
  const stop = () =>
    cancel({ variables: { input: { id: job.id } } }).catch((reason: unknown) => {
      const problem = problemOf(reason);
      toast({ tone: 'bad', title: t.wrong.title, text: sentence(problem), requestId: problem.requestId });
    });
  const state = over ? j.states[job.state] : job.cancelRequestedAt ? j.cancelling : job.state === 'QUEUED' ? j.states.QUEUED : j.progress(job.done, job.total);
  return (
    <article className={css.job} data-state={job.state} aria-label={title}>
      <strong>{title}</strong>
      {over ? (
        <Button look="quiet" icon aria-label={j.dismiss} onClick={() => jobs.dismiss(job.id)}><X size={16} aria-hidden /></Button>
      ) : (
        <Button look="quiet" onClick={() => void stop()} disabled={job.cancelRequestedAt !== null}>{j.cancel}</Button>
      )}
      <p role="status">
        {state}
        {over && result.changed !== undefined && `: ${j.result(result.changed, result.failed ?? 0)}`}
      </p>
      {!over && <progress className={css.progress} max={job.total ?? 1} value={job.total === null ? undefined : job.done} aria-label={title} />}
      {over && job.error && <p>{job.error}</p>}
      {over && result.errors?.length ? <p className={css.why}>{[...new Set(result.errors.map(({ error }) => error.message))].slice(0, 3).join(' ')}</p> : null}
    </article>
  );
}

const isOver = ({ state }: JobFieldsFragment) => state !== 'QUEUED' && state !== 'RUNNING';
