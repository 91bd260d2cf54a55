import { useEffect, useState, useSyncExternalStore } from 'react';
import { useWork } from '../app/session';
import type { RecordFilter } from '../gql/types';
import { BoardFeed, type FeedState } from '../live/feed';
import { report } from '../live/link';

const nothing: FeedState = { phase: 'loading', board: null, problem: null, stuck: new Set() };
const still = () => () => undefined;
const empty = () => nothing;

/**
 * useFeed watches a board while the screen stands. When the filter changes the board that is shown stays until the next one
 * is here. `again` begins anew.
 */
export function useFeed(pipelineId: string, filter: RecordFilter | null, again: number, first?: number) {
  const { client, socket } = useWork();
  const [feed, setFeed] = useState<BoardFeed | null>(null);
  const key = JSON.stringify(filter);
  useEffect(() => {
    const next = new BoardFeed(client, socket, pipelineId, JSON.parse(key) as RecordFilter | null, first);
    report(next, true);
    const off = next.subscribe(() => {
      const { phase } = next.snapshot();
      report(next, phase === 'loading' || phase === 'behind');
      if (phase !== 'loading') setFeed(next);
    });
    return () => {
      off();
      report(next, false);
      next.close();
    };
  }, [client, socket, pipelineId, key, again, first]);
  const state = useSyncExternalStore(feed?.subscribe ?? still, feed?.snapshot ?? empty);
  return { feed, state };
}
