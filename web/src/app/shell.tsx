import { useMutation, useQuery } from '@apollo/client/react';
import { Activity, Columns3, Compass, Keyboard, PanelLeft } from 'lucide-react';
import { Suspense, useCallback, useState, useSyncExternalStore } from 'react';
import { Link, Redirect, Route, Switch, useLocation } from 'wouter';
import { Pipelines } from '../gql/pipeline';
import { SavePreferences, Start } from '../gql/app';
import type { UpdatePreferencesInput } from '../gql/types';
import { jobs } from '../jobs/jobs';
import { LinkState } from '../live/link';
import { PipelineList } from '../pipeline/list';
import { useLivePipelines } from '../pipeline/use-live';
import { useViewPath } from '../pipeline/view-path';
import { Button, cx } from '../ui/controls';
import { lazily, overlay } from '../ui/lazily';
import { Tip } from '../ui/overlays';
import { Boundary, Failure, State } from '../ui/states';
import ui from '../ui/ui.module.css';
import { problemOf } from './problem';
import { ProfileMenu } from './profile';
import { useWork } from './session';
import { useKeys } from './keys';
import { Leaving } from './leaving';
import { Mark, Splash } from './splash';
import { t } from './texts';
import css from './shell.module.css';

const board = () => import('../board/page');
const BoardPage = lazily(board);
const ListPage = lazily(() => import('../list/page'));
const FlowPage = lazily(() => import('../flow/page'));
const ManagePage = lazily(() => import('../pipeline/manage'));
const GalleryPage = lazily(() => import('../pipeline/gallery'));
const EditPage = lazily(() => import('../pipeline/edit'));
const ExplorerPage = lazily(() => import('../explorer/page'));
const ActivityPanel = overlay(() => import('../activity/panel'), 'early');
const JobTray = overlay(() => import('../jobs/tray'));
const Online = overlay(() => import('../people/online'));
const Shortcuts = overlay(() => import('./shortcuts'), 'early');

// Most who come go to a board: it is fetched while it is found out who they are.
if (/\/pipelines(\/[^/]+)?$/.test(location.pathname)) void board().catch(() => undefined);

/** useSavePreferences keeps what a member likes, unless it is kept already; what it shows at once the server's answer confirms. */
export function useSavePreferences() {
  const [save] = useMutation(SavePreferences);
  const { client } = useWork();
  return useCallback(
    (input: UpdatePreferencesInput) => {
      const kept: object = client.readQuery({ query: Start })?.preferences ?? {};
      const same = Object.entries(input).every(([name, value]) => kept[name as keyof typeof kept] === value);
      if (!same) void save({ variables: { input } }).catch(() => undefined);
    },
    [client, save],
  );
}

/** Shell is the frame around every screen: the bar, the list of pipelines, and the place of the screen itself. */
export function Shell() {
  const { viewer, path, can } = useWork();
  const { data: start } = useQuery(Start, { fetchPolicy: 'cache-only' });
  const { data, error, refetch } = useQuery(Pipelines);
  useLivePipelines();
  const save = useSavePreferences();
  const viewPath = useViewPath();
  const [at] = useLocation();
  const [collapsed, setCollapsed] = useState(start?.preferences.sidebarCollapsed ?? false);
  const [help, setHelp] = useState(false);
  const [activity, setActivity] = useState(false);
  const working = useSyncExternalStore(jobs.subscribe, () => jobs.snapshot().length > 0);
  const pipelines = data?.pipelines;
  const last = start?.preferences.lastPipelineId;
  const first = pipelines?.find(({ id }) => id === last) ?? pipelines?.find(({ isDefault }) => isDefault) ?? pipelines?.[0];

  const toggle = useCallback(() => {
    setCollapsed(!collapsed);
    save({ sidebarCollapsed: !collapsed });
  }, [collapsed, save]);
  useKeys({ '?': () => setHelp(true), '[': toggle, a: () => setActivity(true) });

  return (
    <div className={cx(css.shell, collapsed && css.collapsed)}>
      <a className={css.skip} href="#content">{t.skip}</a>
      <header className={css.bar}>
        <Tip text={collapsed ? t.shell.expand : t.shell.collapse}>
          <Button look="quiet" icon className={css.toggle} onClick={toggle} aria-expanded={!collapsed} aria-label={collapsed ? t.shell.expand : t.shell.collapse}>
            <PanelLeft size={18} aria-hidden />
          </Button>
        </Tip>
        <Link className={css.brand} href={path('pipelines')}>
          <Mark size={26} />
          <span>{viewer.workspace.name}</span>
        </Link>
        <nav className={css.tabs} aria-label={t.shell.tabs}>
          <Link className={css.tab} href={path('pipelines')} aria-current="page">
            <Columns3 size={16} aria-hidden />
            {t.shell.pipelines}
          </Link>
        </nav>
        <div className={css.end}>
          <Online />
          <LinkState />
          <Tip text={t.activity.open}>
            <Button look="quiet" icon onClick={() => setActivity(!activity)} aria-pressed={activity} aria-label={t.activity.open} data-tour="activity">
              <Activity size={18} aria-hidden />
            </Button>
          </Tip>
          <Tip text={t.shell.shortcuts}>
            <Button look="quiet" icon className={css.wide} onClick={() => setHelp(true)} aria-label={t.shell.shortcuts}>
              <Keyboard size={18} aria-hidden />
            </Button>
          </Tip>
          <ProfileMenu onShortcuts={() => setHelp(true)} />
        </div>
      </header>
      <nav className={css.side} aria-label={t.shell.pipelines} hidden={collapsed}>
        <PipelineList pipelines={pipelines} />
      </nav>
      <main className={css.main} id="content" tabIndex={-1}>
        <Boundary at={at}>
          <Suspense fallback={<Splash text={t.loading} />}>
            {error && !pipelines ? (
              <Failure problem={problemOf(error)} retry={() => void refetch()} />
            ) : !pipelines ? (
              <Splash text={t.loading} />
            ) : (
              <Switch>
                <Route path="/w/:workspace/pipelines/manage"><ManagePage pipelines={pipelines} /></Route>
                <Route path="/w/:workspace/pipelines/new"><GalleryPage /></Route>
                <Route path="/w/:workspace/pipelines/:id/edit">{({ id }) => <EditPage key={id} pipelineId={id} />}</Route>
                <Route path="/w/:workspace/pipelines/:id/list">{({ id }) => <ListPage key={id} pipelineId={id} pipelines={pipelines} />}</Route>
                <Route path="/w/:workspace/pipelines/:id/flow">{({ id }) => <FlowPage key={id} pipelineId={id} pipelines={pipelines} />}</Route>
                <Route path="/w/:workspace/explorer"><ExplorerPage /></Route>
                <Route path="/w/:workspace/pipelines/:id">{({ id }) => <BoardPage key={id} pipelineId={id} pipelines={pipelines} />}</Route>
                <Route path="/w/:workspace/pipelines">
                  {first ? <Redirect key={first.id} to={viewPath(first.id)} replace /> : <State icon={Columns3} title={t.shell.noPipelines} actions={can('CAN_MANAGE_PIPELINES') && <Link className={ui.button} href={path('pipelines/new')}>{t.shell.newPipeline}</Link>}>{t.shell.noPipelinesHint}</State>}
                </Route>
                <Route path="/w/:workspace">
                  <Redirect key="home" to={path('pipelines')} replace />
                </Route>
                <Route>
                  <State icon={Compass} title={t.missing.title} actions={<Link className={ui.button} href={path('pipelines')}>{t.missing.home}</Link>}>{t.missing.hint}</State>
                </Route>
              </Switch>
            )}
          </Suspense>
        </Boundary>
      </main>
      {activity && pipelines && <ActivityPanel pipelines={pipelines} onClose={() => setActivity(false)} />}
      {working && <JobTray />}
      {help && <Shortcuts onClose={() => setHelp(false)} />}
      <Leaving />
    </div>
  );
}
