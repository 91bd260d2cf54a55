import { useMutation, useQuery } from '@apollo/client/react';
import { Braces, Keyboard, LogOut, MonitorSmartphone, Moon, Signpost, Sun, SunMoon } from 'lucide-react';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { EndSession, Sessions, Start } from '../gql/app';
import type { Theme } from '../gql/types';
import { Avatar, Badge, Button, Skeleton } from '../ui/controls';
import { Dialog, Menu, MenuItem, MenuLabel, MenuLine } from '../ui/overlays';
import { Failure } from '../ui/states';
import { toast } from '../ui/toasts';
import { problemOf, sentence } from './problem';
import { useWork } from './session';
import { useSavePreferences } from './shell';
import { t } from './texts';
import { applyTheme } from './theme';
import css from './shell.module.css';

const s = t.shell;
const themeIcons = { SYSTEM: SunMoon, LIGHT: Sun, DARK: Moon };

/** ProfileMenu is the chip of whoever is logged in, with what concerns that person alone. */
export function ProfileMenu({ onShortcuts }: { onShortcuts: () => void }) {
  const { viewer, leave, path } = useWork();
  const [, navigate] = useLocation();
  const { data } = useQuery(Start, { fetchPolicy: 'cache-only' });
  const save = useSavePreferences();
  const [sessions, setSessions] = useState(false);
  const me = viewer.member ?? { name: viewer.name, email: '', role: '' };
  const choose = (theme: Theme) => {
    applyTheme(theme);
    save({ theme });
  };
  return (
    <>
      <Menu
        trigger={
          <Button look="quiet" className={css.chip} aria-label={s.profile(me.name)} data-tour="profile">
            <Avatar of={me} size={28} />
          </Button>
        }
      >
        <div className={css.who}>
          <strong>{me.name}</strong>
          <span>{me.email}</span>
          <Badge>{t.roles[me.role] ?? me.role}</Badge>
        </div>
        <MenuLine />
        <MenuLabel>{s.theme}</MenuLabel>
        {(Object.keys(s.themes) as Theme[]).map((theme) => {
          const Icon = themeIcons[theme];
          return <MenuItem key={theme} checked={data?.preferences.theme === theme} onSelect={() => choose(theme)}><Icon size={16} aria-hidden />{s.themes[theme]}</MenuItem>;
        })}
        <MenuLine />
        <MenuItem onSelect={() => setSessions(true)}><MonitorSmartphone size={16} aria-hidden />{s.sessions}</MenuItem>
        <MenuItem onSelect={() => navigate(path('explorer'))}><Braces size={16} aria-hidden />{t.explorer.menu}</MenuItem>
        <MenuItem onSelect={onShortcuts} end="?"><Keyboard size={16} aria-hidden />{s.shortcuts}</MenuItem>
        <MenuItem onSelect={() => void import('../tour/tour').then(({ tour }) => tour())}><Signpost size={16} aria-hidden />{t.tour.start}</MenuItem>
        <MenuLine />
        <MenuItem onSelect={leave}><LogOut size={16} aria-hidden />{s.logout}</MenuItem>
      </Menu>
      {sessions && <SessionsDialog onClose={() => setSessions(false)} />}
    </>
  );
}

function SessionsDialog({ onClose }: { onClose: () => void }) {
  const { format } = useWork();
  const { data, error, refetch } = useQuery(Sessions, { fetchPolicy: 'network-only' });
  const [end] = useMutation(EndSession, { refetchQueries: [Sessions] });
  const endOne = (id: string) =>
    end({ variables: { input: { id } } }).catch((reason: unknown) => {
      const problem = problemOf(reason);
      toast({ tone: 'bad', title: t.wrong.title, text: sentence(problem), requestId: problem.requestId });
    });
  return (
    <Dialog open onClose={onClose} title={s.sessions} description={s.sessionsHint}>
      {error && !data && <Failure problem={problemOf(error)} retry={() => void refetch()} />}
      {!data && !error && <Skeleton block={56} />}
      <ul className={css.sessions}>
        {data?.sessions.map(({ id, userAgent, ip, lastSeenAt, isCurrent }) => (
          <li key={id}>
            <div>
              <strong>{browserOf(userAgent)}</strong>
              <span>{[ip, s.lastSeen(format.ago(lastSeenAt))].filter(Boolean).join(' · ')}</span>
            </div>
            {isCurrent ? <Badge tone="accent">{s.thisSession}</Badge> : <Button onClick={() => void endOne(id)}>{s.endSession}</Button>}
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

/** browserOf shortens what a browser calls itself to what a person calls it. */
function browserOf(agent: string): string {
  const [, browser] = /(Edg|OPR|Firefox|Chrome|Safari)\//.exec(agent) ?? [];
  const [, system] = /(Windows|Android|iPhone|iPad|Mac OS X|Linux)/.exec(agent) ?? [];
  const name = { Edg: 'Edge', OPR: 'Opera', 'Mac OS X': 'macOS' } as Record<string, string>;
  return [browser, system].filter((part) => part !== undefined).map((part) => name[part] ?? part).join(', ') || agent.slice(0, 60) || s.unknownBrowser;
}
