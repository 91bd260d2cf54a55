/** The jobs that this browser tab has begun and still shows; a reload does not lose them. */
const key = 'tideboard.jobs';
const views = new Set<() => void>();
let shown: readonly string[] = read();

export const jobs = {
  subscribe: (view: () => void) => {
    views.add(view);
    return () => void views.delete(view);
  },
  snapshot: () => shown,
  watch: (id: string) => show([...shown.filter((other) => other !== id), id]),
  dismiss: (id: string) => show(shown.filter((other) => other !== id)),
};

function show(next: readonly string[]) {
  shown = next;
  try {
    sessionStorage.setItem(key, next.join(' '));
  } catch {
    // a frame whose storage is blocked forgets
  }
  views.forEach((view) => view());
}

function read(): readonly string[] {
  try {
    return (sessionStorage.getItem(key) ?? '').split(' ').filter(Boolean);
  } catch {
    return [];
  }
}
