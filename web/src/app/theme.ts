import { useSyncExternalStore } from 'react';
import type { Theme } from '../gql/types';

const key = 'tideboard.theme';
const dark = window.matchMedia('(prefers-color-scheme: dark)');
let theme: Theme = read();
let shown: 'light' | 'dark' = 'light';
const views = new Set<() => void>();

/** applyTheme shows a theme from now on, and remembers it in this browser for the gate, before anybody is known. */
export function applyTheme(next: Theme) {
  theme = next;
  try {
    localStorage.setItem(key, next);
  } catch {
    // a frame whose storage is blocked forgets
  }
  paint();
}

function paint() {
  shown = theme === 'DARK' || (theme === 'SYSTEM' && dark.matches) ? 'dark' : 'light';
  document.documentElement.dataset.theme = shown;
  views.forEach((view) => view());
}

/** useShownTheme is for what does not draw itself by the tokens. */
export function useShownTheme() {
  return useSyncExternalStore(subscribe, () => shown);
}

function subscribe(view: () => void) {
  views.add(view);
  return () => void views.delete(view);
}

function read(): Theme {
  try {
    const held = localStorage.getItem(key);
    return held === 'LIGHT' || held === 'DARK' ? held : 'SYSTEM';
  } catch {
    return 'SYSTEM';
  }
}

dark.addEventListener('change', paint);
paint();
