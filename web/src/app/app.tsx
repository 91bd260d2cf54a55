import { Direction, Tooltip } from 'radix-ui';
import { Suspense, useCallback, useEffect, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { askForToken, fragmentToken, onToken } from '../gate/launch';
import { framed, setToken } from '../live/credential';
import { lazily } from '../ui/lazily';
import { Boundary, Failure } from '../ui/states';
import { Toasts } from '../ui/toasts';
import { door, type Session } from './door';
import { NETWORK, problemOf, type Problem } from './problem';
import { Splash } from './splash';
import { t } from './texts';
import { Workplace } from './workplace';

const Gate = lazily(() => import('../gate/gate'));
const Invitation = lazily(() => import('../gate/invitation'));

type Stage = { at: 'starting' } | { at: 'unreachable'; problem: Problem } | { at: 'gate'; problem?: Problem | undefined; ended?: boolean } | { at: 'invitation'; token: string | null } | { at: 'work'; session: Session };

/** Where the link of an invitation leads. */
const INVITATION = '/invitation';

/** The workspace that an address names, by the id that people type. */
export function workspaceIn(path: string, search: string): string | null {
  const [, id] = /^\/w\/([^/]+)/.exec(path) ?? [];
  return id ? decodeURIComponent(id) : new URLSearchParams(search).get('workspace_id');
}

/** App decides between the gate, the page of an invitation and the workplace. */
export function App() {
  const [stage, setStage] = useState<Stage>({ at: 'starting' });
  const [path, navigate] = useLocation();
  const launch = useRef(fragmentToken());
  // How many tokens came: what a token does is not undone by an older question whether there is a session.
  const tokens = useRef(0);
  const named = workspaceIn(path, location.search);
  const home = useRef(named);
  home.current = named;

  const enter = useCallback(
    (session: Session) => {
      setToken(session.token ?? null);
      const id = session.workspace.partner_workspace_id;
      if (home.current !== id || !location.pathname.startsWith('/w/')) navigate(`/w/${encodeURIComponent(id)}/pipelines`, { replace: true });
      setStage({ at: 'work', session });
    },
    [navigate],
  );

  const enterByToken = useCallback(
    async (token: string) => {
      tokens.current++;
      try {
        enter(await door.enterByToken(token, !framed));
      } catch (error) {
        setStage({ at: 'gate', problem: problemOf(error) });
      }
    },
    [enter],
  );

  const start = useCallback(async () => {
    setStage({ at: 'starting' });
    const token = launch.current;
    launch.current = null;
    if (location.pathname === INVITATION) return setStage({ at: 'invitation', token });
    if (token) return enterByToken(token);
    const before = tokens.current;
    try {
      const session = await door.session();
      if (tokens.current !== before) return;
      if (home.current && home.current !== session.workspace.partner_workspace_id) setStage({ at: 'gate' });
      else enter(session);
    } catch (error) {
      if (tokens.current !== before) return;
      const problem = problemOf(error);
      setStage(problem.code === NETWORK ? { at: 'unreachable', problem } : { at: 'gate', ...(problem.code === 'UNAUTHENTICATED' ? {} : { problem }) });
    }
  }, [enter, enterByToken]);

  const started = useRef(false);
  useEffect(() => {
    if (started.current) return;
    started.current = true;
    void start();
  }, [start]);
  useEffect(() => onToken((token) => void enterByToken(token)), [enterByToken]);

  const ended = useCallback(() => {
    setToken(null);
    setStage({ at: 'gate', ended: true });
    askForToken();
  }, []);

  const left = useCallback(() => {
    setToken(null);
    setStage({ at: 'gate' });
  }, []);

  const toGate = () => {
    navigate('/', { replace: true });
    void start();
  };

  return (
    <Direction.Provider dir={document.documentElement.dir === 'rtl' ? 'rtl' : 'ltr'}>
      <Tooltip.Provider delayDuration={400}>
        <Boundary>
          {stage.at === 'starting' && <Splash text={t.loading} />}
          {stage.at === 'unreachable' && <Failure problem={stage.problem} retry={() => void start()} />}
          {stage.at === 'gate' && <Suspense fallback={<Splash text={t.loading} />}><Gate workspaceId={named} problem={stage.problem} ended={stage.ended ?? false} onEntered={enter} /></Suspense>}
          {stage.at === 'invitation' && <Suspense fallback={<Splash text={t.loading} />}><Invitation link={stage.token} onEntered={enter} onLeave={toGate} /></Suspense>}
          {stage.at === 'work' && <Workplace key={stage.session.session_id} onEnded={ended} onLeft={left} />}
        </Boundary>
        <Toasts />
      </Tooltip.Provider>
    </Direction.Provider>
  );
}
