// A graphql-ws client for tests: runs the operation in CLIENT and prints what happens to it as lines of JSON. Before
// it reconnects it says "waits" and waits for a line of input. A subscription goes on behind the last frame it saw.
import { once } from 'node:events';
import { createClient } from 'graphql-ws';
import WebSocket from 'ws';

const { url, token, attempts = 0, subprotocol, operation } = JSON.parse(process.env.CLIENT);
const tell = (event, rest) => console.log(JSON.stringify({ event, ...rest }));

// Says another subprotocol than graphql-ws would.
class Stranger extends WebSocket {
  constructor(address) {
    super(address, subprotocol);
  }
}

const client = createClient({
  url: url.replace('http', 'ws') + '/graphql',
  webSocketImpl: subprotocol ? Stranger : WebSocket,
  connectionParams: token && { Authorization: `Bearer ${token}` },
  retryAttempts: attempts,
  retryWait: () => {
    const go = once(process.stdin, 'data');
    tell('waits');
    return go;
  },
  on: {
    connected: () => tell('connected'),
    closed: ({ code, reason }) => tell('closed', { code, reason }),
  },
});

client.subscribe(operation, {
  next(payload) {
    const frame = payload.data?.board;
    if (frame?.revision) operation.variables.after = frame.__typename === 'BoardReset' ? null : frame.revision;
    tell('next', { payload });
  },
  error(reason) {
    if (Array.isArray(reason)) tell('refused', { errors: reason });
    else tell('gave up', { code: reason.code, reason: reason.reason ?? reason.message });
    process.stdin.pause();
  },
  complete() {
    tell('complete');
    process.stdin.pause();
  },
});
