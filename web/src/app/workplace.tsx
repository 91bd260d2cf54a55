import { ApolloProvider, useQuery } from '@apollo/client/react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { Router } from 'wouter';
import { Start } from '../gql/app';
import { makeClient } from '../live/client';
import { Socket } from '../live/socket';
import { Failure } from '../ui/states';
import { toast } from '../ui/toasts';
import { door } from './door';
import { makeFormat } from './format';
import { problemOf, sentence } from './problem';
import { WorkContext, type Work } from './session';
import { Shell } from './shell';
import { Splash } from './splash';
import { t } from './texts';
import { applyTheme } from './theme';
import { aroundNav, leaving } from './unsaved';

/** Workplace is everything behind the gate: one client with its cache and one socket, as long as the session lasts. */
export function Workplace({ onEnded, onLeft }: { onEnded: () => void; onLeft: () => void }) {
  const ended = useRef(onEnded);
  ended.current = onEnded;
  const client = useMemo(() => makeClient(() => ended.current()), []);
  const [socket, setSocket] = useState<Socket | null>(null);
  useEffect(() => {
    const opened = new Socket(() => ended.current());
    setSocket(opened);
    return () => opened.close();
  }, []);
  return <ApolloProvider client={client}>{socket && <Begin client={client} socket={socket} onLeft={onLeft} />}</ApolloProvider>;
}

/** A session that has ended already needs no end; any other that could not be ended would be there again after a reload. */
function stillThere(reason: unknown) {
  if (!['UNAUTHENTICATED', 'SESSION_EXPIRED'].includes(problemOf(reason).code)) throw reason;
}

function Begin({ client, socket, onLeft }: Pick<Work, 'client' | 'socket'> & { onLeft: () => void }) {
  const { data, error, refetch } = useQuery(Start);
  const viewer = data?.viewer;
  const losing = data?.settings.records;
  const theme = data?.preferences.theme;
  useEffect(() => {
    if (theme) applyTheme(theme);
  }, [theme]);
  const work = useMemo<Work | null>(() => {
    if (!viewer || !losing) return null;
    const held = new Set(viewer.permissions);
    return {
      client, socket, viewer,
      reasons: losing.lostReasons,
      reasonNeeded: losing.requireLostReason,
      format: makeFormat(viewer.workspace),
      can: (permission) => held.has(permission),
      path: (rest) => `/w/${encodeURIComponent(viewer.workspace.partnerWorkspaceId)}/${rest}`,
      leave: () => leaving(() => void door.leave().catch(stillThere).then(onLeft, (reason: unknown) => {
        const problem = problemOf(reason);
        toast({ tone: 'bad', title: t.shell.notLoggedOut, text: sentence(problem), requestId: problem.requestId });
      })),
    };
  }, [client, socket, viewer, losing, onLeft]);
  useEffect(() => {
    if (viewer) document.documentElement.lang = 'en';
  }, [viewer]);
  if (work) {
    return (
      <WorkContext value={work}>
        <Router aroundNav={aroundNav}><Shell /></Router>
      </WorkContext>
    );
  }
  return error ? <Failure problem={problemOf(error)} retry={() => void refetch()} /> : <Splash text={t.loading} />;
}
