// Watches the first board of the demo workspace, and goes on behind the last frame it saw when the server comes back.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

const { url, members, pipelines } = JSON.parse(readFileSync('var/demo.json'));

const client = createClient({
  url: url.replace('http', 'ws') + '/graphql',
  webSocketImpl: WebSocket,
  connectionParams: { Authorization: `Bearer ${members[0].token}` },
  retryAttempts: Infinity,
  shouldRetry: () => true, // also when nobody listens yet, where the default gives up
  retryWait: () => once(process.stdin, 'data'), // leave this line out, and it comes back by itself
  on: { closed: ({ code }) => console.log(`gone (${code}): press Enter to come back`) },
});

const board = {
  query: `subscription ($id: ID!, $after: Revision) {
    board(pipelineId: $id, after: $after) {
      __typename
      revision
      ... on BoardSnapshot { board { columns { totals { count } } } }
      ... on BoardCommit { actor { name } cards { kind record { title stage { name } } } }
    }
  }`,
  variables: { id: pipelines[0].id, after: null },
};

const tell = {
  BoardSnapshot: ({ board }) => board.columns.reduce((sum, { totals }) => sum + totals.count, 0) + ' cards',
  BoardCommit: ({ actor, cards }) =>
    cards.map(({ kind, record }) => `${actor.name}: "${record?.title}" ${kind}, ${record?.stage.name}`).join('; '),
  BoardReady: () => 'up to date',
  BoardReset: () => 'starting over',
};

client.subscribe(board, {
  next({ data: { board: frame } }) {
    // The client sends these variables again whenever it reconnects.
    board.variables.after = frame.__typename === 'BoardReset' ? null : frame.revision;
    console.log(frame.revision, frame.__typename, tell[frame.__typename](frame));
  },
  error(reason) {
    console.error('refused:', reason);
    process.exit(1);
  },
  complete() {},
});
