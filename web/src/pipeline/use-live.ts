import { print } from '@apollo/client/utilities';
import { useEffect } from 'react';
import { useWork } from '../app/session';
import { Pipelines, WatchPipelines } from '../gql/pipeline';
import type { WatchPipelinesSubscription, WatchPipelinesSubscriptionVariables } from '../gql/types';

/** useLivePipelines reads the pipelines again when somebody changes one. On every screen it keeps the page connected. */
export function useLivePipelines() {
  const { client, socket } = useWork();
  useEffect(() => {
    let late: ReturnType<typeof setTimeout> | undefined;
    const variables: WatchPipelinesSubscriptionVariables = { after: null };
    const stop = socket.client.subscribe<WatchPipelinesSubscription>(
      { query: print(WatchPipelines), operationName: 'WatchPipelines', variables },
      {
        next: ({ data }) => {
          if (!data) return;
          variables.after = data.changes.revision;
          if (data.changes.__typename === 'ChangesReady') return;
          clearTimeout(late);
          late = setTimeout(() => void client.refetchQueries({ include: [Pipelines] }), 150);
        },
        error: () => undefined, // the session ended: the gate says so
        complete: () => undefined,
      },
    );
    return () => {
      clearTimeout(late);
      stop();
    };
  }, [client, socket]);
}
