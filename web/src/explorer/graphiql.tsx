import 'graphiql/setup-workers/vite';
import 'graphiql/style.css';
import './explorer.css';
import { GraphiQL } from 'graphiql';
import { useMemo } from 'react';
import { useWork } from '../app/session';
import { useShownTheme } from '../app/theme';
import { headers } from '../live/credential';
import { examples } from './examples';

interface Params {
  query: string;
  variables?: unknown;
  operationName?: string | null;
}

/** Explorer sends operations by this page's own ways: requests with its credential, subscriptions over its socket. */
export default function Explorer() {
  const { socket, path } = useWork();
  const fetcher = useMemo(
    () => (params: Params) => {
      const { query } = params;
      // Just after a change of tab the name may still be that of the operation in the tab before.
      const operationName = operations(query).some(({ name }) => name === params.operationName) ? params.operationName : undefined;
      const variables = (params.variables ?? {}) as Record<string, unknown>;
      if (isSubscription(query, operationName)) {
        return { [Symbol.asyncIterator]: () => socket.client.iterate({ query, variables, ...(operationName && { operationName }) })[Symbol.asyncIterator]() } as AsyncIterable<never>;
      }
      return fetch('/graphql', { method: 'POST', headers: { ...headers(), 'Content-Type': 'application/json' }, body: JSON.stringify({ query, variables, operationName }) }).then(
        (response) => response.json() as Promise<never>,
      );
    },
    [socket],
  );
  const theme = useShownTheme();
  // Each workspace has its own drafts in this browser.
  const storage = useMemo(() => scoped(path('explorer')), [path]);
  return (
    <div className="explorer">
      <GraphiQL fetcher={fetcher as never} forcedTheme={theme} storage={storage} defaultTabs={examples} isHeadersEditorEnabled={false} defaultEditorToolsVisibility="variables" />
    </div>
  );
}

function operations(query: string) {
  return [...query.matchAll(/^\s*(query|mutation|subscription)\b\s*(\w*)/gm)].map(([, kind, name]) => ({ kind, name }));
}

function isSubscription(query: string, operationName?: string | null): boolean {
  const all = operations(query);
  return (all.find(({ name }) => operationName && name === operationName) ?? all[0])?.kind === 'subscription';
}

/** scoped keeps GraphiQL's drafts apart from others', and forgets where storage is blocked. */
function scoped(scope: string) {
  const guard = <T,>(run: () => T, or: T): T => {
    try {
      return run();
    } catch {
      return or;
    }
  };
  const own = (key: string) => `${scope}:${key}`;
  return {
    getItem: (key: string) => guard(() => localStorage.getItem(own(key)), null),
    setItem: (key: string, value: string) => guard(() => localStorage.setItem(own(key), value), undefined),
    removeItem: (key: string) => guard(() => localStorage.removeItem(own(key)), undefined),
    clear: () => guard(() => Object.keys(localStorage).filter((key) => key.startsWith(own(''))).forEach((key) => localStorage.removeItem(key)), undefined),
    get length() {
      return guard(() => localStorage.length, 0);
    },
  };
}
