import { print } from '@apollo/client/utilities';
import { useCallback, useEffect, useRef, useState } from 'react';
import { problemFrom, problemOf, sentence, type Problem } from '../app/problem';
import { useWork } from '../app/session';
import { t } from '../app/texts';
import { Activity, Head, WatchActivity } from '../gql/activity';
import type { ChangeFilter, CommitFieldsFragment, WatchActivitySubscription, WatchActivitySubscriptionVariables } from '../gql/types';
import { toast } from '../ui/toasts';

/** How many revisions are looked through at a time; the most that the API gives commits of. */
const WINDOW = 200;
/** How many commits there should be before it stops to look further back by itself, and how many windows it looks through for them. */
const [ENOUGH, WINDOWS] = [30, 5];

interface State {
  /** The newest first. */
  commits: readonly CommitFieldsFragment[];
  /** Everything after this revision was looked through. */
  floor: number;
  problem: Problem | null;
  loading: boolean;
}

/** useActivity follows the change log: what has happened lately, and what happens. `earlier` looks further back. */
export function useActivity(pipelineId: string | null) {
  const { client, socket } = useWork();
  const [state, setState] = useState<State>({ commits: [], floor: 0, problem: null, loading: true });
  const [again, setAgain] = useState(0);
  const held = useRef(state);
  held.current = state;
  /** What is shown now: answers to what was shown before come too late. */
  const shown = useRef({ over: false });

  const back = useCallback(
    async (from: number, filter: ChangeFilter | null, alive: () => boolean) => {
      let [floor, found] = [from, 0];
      for (let i = 0; i < WINDOWS && floor > 0 && found < ENOUGH; i++) {
        const after = Math.max(0, floor - WINDOW);
        const { data } = await client.query({ query: Activity, variables: { after: String(after), first: WINDOW, filter }, fetchPolicy: 'no-cache' });
        if (!alive()) return;
        const below = floor;
        const commits = data?.changes.commits.filter(({ revision }) => Number(revision) <= below).toReversed() ?? [];
        floor = after;
        found += commits.length;
        setState((s) => ({ ...s, commits: [...s.commits, ...commits], floor: after }));
      }
    },
    [client],
  );

  useEffect(() => {
    const now = { over: false };
    shown.current = now;
    let stop = () => {};
    const filter = pipelineId ? { pipelineId } : null;
    const alive = () => !now.over;
    const start = async () => {
      setState({ commits: [], floor: 0, problem: null, loading: true });
      const { data } = await client.query({ query: Head, fetchPolicy: 'no-cache' });
      if (!data || now.over) return;
      const variables: WatchActivitySubscriptionVariables = { after: data.changes.head, filter };
      stop = socket.client.subscribe<WatchActivitySubscription>(
        { query: print(WatchActivity), operationName: 'WatchActivity', variables: variables as Record<string, unknown> },
        {
          next: ({ data, errors }) => {
            if (errors?.length) return setState((s) => ({ ...s, problem: problemFrom({ ...errors[0]?.extensions, message: errors[0]?.message }) }));
            const frame = data?.changes;
            if (!frame) return;
            variables.after = frame.revision;
            if (frame.__typename === 'ChangesReset') return setAgain((n) => n + 1);
            if (frame.__typename === 'ChangeCommit') setState((s) => ({ ...s, commits: [frame, ...s.commits].slice(0, 500) }));
          },
          error: () => undefined, // the session has ended, and the gate says so
          complete: () => undefined,
        },
      );
      await back(Number(data.changes.head), filter, alive);
    };
    start()
      .catch((error: unknown) => alive() && (problemOf(error).code === 'CURSOR_EXPIRED' ? setState((s) => ({ ...s, floor: 0 })) : setState((s) => ({ ...s, problem: problemOf(error) }))))
      .finally(() => alive() && setState((s) => ({ ...s, loading: false })));
    return () => {
      now.over = true;
      stop();
    };
  }, [client, socket, pipelineId, again, back]);

  const earlier = useCallback(async () => {
    const now = shown.current;
    const tell = (change: Partial<State>) => !now.over && setState((s) => ({ ...s, ...change }));
    tell({ loading: true });
    try {
      await back(held.current.floor, pipelineId ? { pipelineId } : null, () => !now.over);
    } catch (error) {
      const problem = problemOf(error);
      if (problem.code === 'CURSOR_EXPIRED') tell({ floor: 0 });
      else if (!now.over) toast({ tone: 'bad', title: t.activity.earlierFailed, text: sentence(problem), requestId: problem.requestId });
    }
    tell({ loading: false });
  }, [back, pipelineId]);

  return { ...state, earlier, retry: () => setAgain(again + 1) };
}
