import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from '@apollo/client';
import { ErrorLink } from '@apollo/client/link/error';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { problemOf } from '../app/problem';
import { hashes } from '../gql/hashes';
import { headers } from './credential';

/** Codes after which nothing more is answered until somebody logs in. */
const ended = new Set(['UNAUTHENTICATED', 'SESSION_EXPIRED', 'WORKSPACE_NOT_ELIGIBLE']);

export function makeCache() {
  return new InMemoryCache({
    typePolicies: {
      // There is one of each in a session.
      Viewer: { keyFields: [] },
      Preferences: { keyFields: [] },
      Settings: { keyFields: [] },
      Query: {
        fields: {
          record: { read: (held, { args, toReference }) => (held === undefined ? toReference({ __typename: 'Record', id: args?.id }) : held) },
        },
      },
    },
  });
}

/** makeClient gives the one client of a session: its cache is what every screen reads. */
export function makeClient(onEnded: (code: string) => void) {
  const watch = new ErrorLink(({ error }) => {
    const { code } = problemOf(error);
    if (ended.has(code)) onEnded(code);
  });
  const persisted = new PersistedQueryLink({ generateHash: (document) => hashOf(document) });
  const http = new HttpLink({ uri: '/graphql', headers: {}, fetch: (uri, init) => fetch(uri, { ...init, headers: { ...init?.headers, ...headers() } }) });
  return new ApolloClient({ cache: makeCache(), link: ApolloLink.from([watch, persisted, http]), devtools: { enabled: import.meta.env.DEV } });
}

function hashOf(document: { definitions: readonly { kind: string; name?: { value: string } | undefined }[] }): string {
  const name = document.definitions.find((d) => d.kind === 'OperationDefinition')?.name?.value ?? '';
  return hashes[name] ?? '';
}
