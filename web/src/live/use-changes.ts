import type { DocumentNode } from 'graphql';
import { print } from '@apollo/client/utilities';
import { useEffect } from 'react';
import { useWork } from '../app/session';
import type { ChangeFilter } from '../gql/types';

type Of<Data> = Data extends { changes: infer Frame } ? Frame : never;

/**
 * useChanges hands over what the log tells since the state this session began with. Nothing is missed: what is read on
 * the way is read at that state or a later one, and a lost connection goes on where it was. After a reset all is to be
 * read again. `see` must be the same function on each render; nothing comes before `ready`, when what frames change is
 * there to be changed. A query that takes a filter is given `filter`.
 */
export function useChanges<Data extends { changes: { __typename: string; revision: string } }>(query: DocumentNode, see: (frame: Of<Data>) => void, ready = true, filter?: ChangeFilter) {
  const { socket, viewer } = useWork();
  const { revision } = viewer.workspace;
  const narrowed = filter && JSON.stringify(filter);
  useEffect(() => {
    if (!ready) return;
    const variables = { after: revision, ...(narrowed && { filter: JSON.parse(narrowed) as ChangeFilter }) };
    const operationName = query.definitions.flatMap((d) => (d.kind === 'OperationDefinition' && d.name ? [d.name.value] : []))[0];
    return socket.client.subscribe<Data>(
      { query: print(query), operationName, variables },
      {
        next: ({ data }) => {
          if (!data) return;
          variables.after = data.changes.revision;
          see(data.changes as Of<Data>);
        },
        error: () => undefined, // the session has ended, and the gate says so
        complete: () => undefined,
      },
    );
  }, [socket, revision, query, see, ready, narrowed]);
}
