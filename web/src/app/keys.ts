import { useEffect, useRef } from 'react';

/** useKeys binds single keys to actions, except while somebody types, holds a modifier, or answers a dialog. */
export function useKeys(actions: Record<string, () => void>) {
  const held = useRef(actions);
  held.current = actions;
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (target.closest('input, textarea, select, [contenteditable], [role=dialog], [role=menu]')) return;
      const act = held.current[event.key];
      if (!act) return;
      event.preventDefault();
      act();
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, []);
}
