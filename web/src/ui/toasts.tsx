import { Suspense, useSyncExternalStore } from 'react';
import { newId } from '../app/id';
import { lazily } from './lazily';
import { Boundary } from './states';

const ToastList = lazily(() => import('./toast-list'), 'early');

export interface Toast {
  title: string;
  text?: string | undefined;
  tone?: 'good' | 'warn' | 'bad';
  requestId?: string | undefined;
  /** What can be done about it; it is told where it was asked for. */
  action?: { label: string; go: (from: DOMRect) => unknown } | undefined;
}

export type Shown = Toast & { key: string };

let shown: readonly Shown[] | null = null;
const views = new Set<() => void>();

function show(next: readonly Shown[]) {
  shown = next;
  views.forEach((view) => view());
}

/** toast tells something in passing; at most four stand at once. */
export function toast(what: Toast) {
  show([...(shown ?? []), { ...what, key: newId() }].slice(-4));
}

const gone = (key: string) => show((shown ?? []).filter((other) => other.key !== key));

const subscribe = (view: () => void) => {
  views.add(view);
  return () => views.delete(view);
};

/** Toasts is where toasts are shown, from the first on; what shows them waits for the network when it is missing. */
export function Toasts() {
  const all = useSyncExternalStore(subscribe, () => shown);
  return all && <Boundary instead={() => null}><Suspense fallback={null}><ToastList all={all} onGone={gone} /></Suspense></Boundary>;
}
