import type { DocumentNode } from 'graphql';
import { print } from '@apollo/client/utilities';
import { useEffect, useRef } from 'react';
import { useWork } from '../app/session';
import type { ChangeFilter } from '../gql/types';

type Of<Data> = Data extends { changes: infer Frame } ? Frame : never;

/**
 * useChanges hands over what the log tells after a state: that of what was read first, whose revision `after` is (null
 * until it is there), else the one this session began with. Nothing is missed: a lost connection goes on where it was.
 * After a reset all is to be read again. `see` must be the same function on each render. A query that takes a
 * filter is given `filter`.
 */
export function useChanges<Data extends { changes: { __typename: string; revision: string } }>(query: DocumentNode, see: (frame: Of<Data>) => void, after?: string | null, filter?: ChangeFilter) {
  const { socket, viewer } = useWork();
  const at = useRef<string>(undefined);
  const begin = after === undefined ? viewer.workspace.revision : after;
  if (begin !== null) at.current ??= begin;
  const ready = begin !== null;
  const narrowed = filter && JSON.stringify(filter);
  useEffect(() => {
    if (!ready) return;
    const variables = { after: at.current, ...(narrowed && { filter: JSON.parse(narrowed) as ChangeFilter }) };
    const operationName = query.definitions.flatMap((d) => (d.kind === 'OperationDefinition' && d.name ? [d.name.value] : []))[0];
    return socket.client.subscribe<Data>(
      { query: print(query), operationName, variables },
      {
        next: ({ data }) => {
          if (!data) return;
          variables.after = at.current = data.changes.revision;
          see(data.changes as Of<Data>);
        },
        error: () => undefined, // the session has ended, and the gate says so
        complete: () => undefined,
      },
    );
  }, [socket, query, see, ready, narrowed]);
}
