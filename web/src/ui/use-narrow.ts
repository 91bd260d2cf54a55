import { useSyncExternalStore } from 'react';

const phone = window.matchMedia('(max-width: 40rem)');

function watch(view: () => void) {
  phone.addEventListener('change', view);
  return () => phone.removeEventListener('change', view);
}

/** useNarrow tells whether the window is as wide as a phone. */
export const useNarrow = () => useSyncExternalStore(watch, () => phone.matches);
