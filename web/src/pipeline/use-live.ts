import { useCallback, useEffect, useRef } from 'react';
import { useWork } from '../app/session';
import { Pipelines, WatchPipelines } from '../gql/pipeline';
import type { WatchPipelinesSubscription } from '../gql/types';
import { useChanges } from '../live/use-changes';

/**
 * useLivePipelines reads the pipelines again when somebody changes one, one time after another: an answer to an earlier
 * change never stands for a later one. What is shown is read from the cache meanwhile. On every screen it keeps the page
 * connected.
 */
export function useLivePipelines() {
  const { client } = useWork();
  const late = useRef<ReturnType<typeof setTimeout>>(undefined);
  const reading = useRef(false);
  const read = useCallback(() => {
    clearTimeout(late.current);
    if (reading.current) return void (late.current = setTimeout(read, 150));
    reading.current = true;
    const done = () => void (reading.current = false);
    client.query({ query: Pipelines, fetchPolicy: 'network-only' }).then(done, done);
  }, [client]);
  const see = useCallback(
    ({ __typename }: WatchPipelinesSubscription['changes']) => {
      if (__typename === 'ChangesReady') return;
      clearTimeout(late.current);
      late.current = setTimeout(read, 150);
    },
    [read],
  );
  useChanges<WatchPipelinesSubscription>(WatchPipelines, see);
  useEffect(() => () => clearTimeout(late.current), []);
}
