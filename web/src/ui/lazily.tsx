import { lazy, Suspense, type ComponentType } from 'react';
import { Broken, Boundary, Missing } from './states';

type Load<P> = () => Promise<{ default: ComponentType<P> }>;

// A stylesheet that did not come is not asked for again by the loader: it is put in anew before the next attempt.
const unstyled = new Set<HTMLLinkElement>();
addEventListener('error', ({ target }) => target instanceof HTMLLinkElement && target.rel === 'stylesheet' && unstyled.add(target), true);

async function restyled() {
  await Promise.all([...unstyled].map((link) => new Promise((come, fail) => {
    const again = link.cloneNode() as HTMLLinkElement;
    again.onload = come;
    again.onerror = fail;
    unstyled.delete(link);
    link.replaceWith(again);
  })));
}

const soon = new Set<() => Promise<unknown>>();
type When = 'early' | 'asked';

/**
 * lazily is a component whose script is fetched when it is first shown, and again after it could not be. With `early` it is
 * fetched before anybody asks, by fetchEarly.
 */
export function lazily<P extends object>(load: Load<P>, when: When = 'asked'): ComponentType<P> {
  if (when === 'early') soon.add(load);
  const make = () => lazy(() => restyled().then(load).catch((cause: unknown) => Promise.reject(new Missing(forget, cause))));
  const forget = () => {
    Part = make();
  };
  let Part: ComponentType<P> = make();
  return function Lazily(props: P) {
    return <Part {...props} />;
  };
}

/** overlay is such a part that is laid over a page. When it cannot be fetched or breaks, that is said in its place, and the page stays. */
export function overlay<P extends object>(load: Load<P>, when: When = 'asked'): ComponentType<P> {
  const Part = lazily(load, when);
  return function Overlay(props: P & { onClose?: () => void }) {
    return (
      <Boundary instead={(error, again, dismiss) => <Broken error={error} onAgain={again} onClose={props.onClose ?? dismiss} />}>
        <Suspense fallback={null}><Part {...props} /></Suspense>
      </Boundary>
    );
  };
}

/** fetchEarly fetches what will likely be asked for, and what that will need, as soon as somebody moves a hand and the browser has nothing else to do. */
export function fetchEarly() {
  for (const sign of signs) addEventListener(sign, begin, { capture: true, passive: true });
}

const signs = ['pointermove', 'pointerdown', 'keydown'];

function begin() {
  for (const sign of signs) removeEventListener(sign, begin, { capture: true });
  const idle = window.requestIdleCallback ?? ((run: () => void) => setTimeout(run, 200));
  idle(() => {
    const loads = [...soon];
    soon.clear();
    void Promise.allSettled(loads.map((load) => load())).then(() => soon.size && begin());
  });
}
