import { useCallback, useEffect, useRef } from 'react';
import { useWork } from '../app/session';
import { Pipelines, WatchPipelines } from '../gql/pipeline';
import type { WatchPipelinesSubscription } from '../gql/types';
import { useChanges } from '../live/use-changes';

/** useLivePipelines reads the pipelines again when somebody changes one. On every screen it keeps the page connected. */
export function useLivePipelines() {
  const { client } = useWork();
  const late = useRef<ReturnType<typeof setTimeout>>(undefined);
  const see = useCallback(
    ({ __typename }: WatchPipelinesSubscription['changes']) => {
      if (__typename === 'ChangesReady') return;
      clearTimeout(late.current);
      late.current = setTimeout(() => void client.refetchQueries({ include: [Pipelines] }), 150);
    },
    [client],
  );
  useChanges<WatchPipelinesSubscription>(WatchPipelines, see);
  useEffect(() => () => clearTimeout(late.current), []);
}
