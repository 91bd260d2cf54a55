import type { Theme } from '../gql/types';

const key = 'tideboard.theme';
const dark = window.matchMedia('(prefers-color-scheme: dark)');
let theme: Theme = read();

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
  document.documentElement.dataset.theme = theme === 'DARK' || (theme === 'SYSTEM' && dark.matches) ? 'dark' : 'light';
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
