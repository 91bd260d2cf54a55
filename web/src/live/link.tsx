import { Cloud, CloudOff, RefreshCw } from 'lucide-react';
import { useSyncExternalStore } from 'react';
import { useWork } from '../app/session';
import { t } from '../app/texts';
import { Tip } from '../ui/overlays';
import css from './link.module.css';

export type Liveness = 'live' | 'catchingUp' | 'offline';

let behind: ReadonlySet<object> = new Set();
const views = new Set<() => void>();

/** report says whether somebody who watches still has to catch up. */
export function report(who: object, isBehind: boolean) {
  if (behind.has(who) === isBehind) return;
  const next = new Set(behind);
  if (isBehind) next.add(who);
  else next.delete(who);
  behind = next;
  views.forEach((view) => view());
}

function subscribe(view: () => void) {
  views.add(view);
  return () => views.delete(view);
}

export function useLiveness(): Liveness {
  const { socket } = useWork();
  const link = useSyncExternalStore(socket.subscribe, socket.state);
  const waiting = useSyncExternalStore(subscribe, () => behind.size > 0);
  if (link === 'offline') return 'offline';
  return link === 'waiting' || waiting ? 'catchingUp' : 'live';
}

const icons = { live: Cloud, catchingUp: RefreshCw, offline: CloudOff };

/** LinkState says at all times whether what one sees is what is. */
export function LinkState() {
  const state = useLiveness();
  const Icon = icons[state];
  const hint = { live: t.link.liveHint, catchingUp: t.link.catchingUpHint, offline: t.link.offlineHint }[state];
  return (
    <Tip text={hint}>
      <span className={css.link} data-state={state} role="status" tabIndex={0} data-tour="link">
        <Icon size={16} aria-hidden />
        <span className={css.word}>{t.link[state]}</span>
      </span>
    </Tip>
  );
}
