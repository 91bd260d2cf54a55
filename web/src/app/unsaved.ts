import { createContext, use, useLayoutEffect } from 'react';

/** A form into which something was typed that was not saved. */
interface Form {
  /** The dialog or sheet that it stands in. */
  scope: string | null;
  /** The parts of the query of an address by which it is shown: with another of them it is gone. */
  params: readonly string[];
}

/** What would lose forms, and waits until somebody has answered whether it may. */
interface Question {
  forms: readonly Form[];
  go: () => void;
}

const unsaved = new Set<Form>();
const listeners = new Set<() => void>();
let asked: Question | null = null;
let here = location.href;
let passing = false;

/** Scope is the id of the dialog or sheet around a form. */
export const Scope = createContext<string | null>(null);

/** useUnsaved has it asked, as long as something was typed, before the form is closed or left. */
export function useUnsaved(dirty: boolean, { params = [], inside }: { params?: readonly string[]; inside?: string } = {}) {
  const around = use(Scope);
  const scope = inside ?? around;
  const names = params.join();
  useLayoutEffect(() => {
    if (!dirty) return;
    const form = { scope, params: names.split(',') };
    unsaved.add(form);
    window.addEventListener('beforeunload', stay);
    return () => release([form]);
  }, [dirty, scope, names]);
}

/** The question that is open. */
export const question = {
  subscribe: (listener: () => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  snapshot: () => asked,
  keep: () => put(null),
  discard: () => {
    const was = asked;
    if (!was) return;
    release(was.forms);
    put(null);
    was.go();
  },
};

/** closing goes on at once unless a form in a dialog or sheet would be lost. */
export const closing = (scope: string, go: () => void) => ask([...unsaved].filter((form) => form.scope === scope), go);

/** leaving goes on at once unless any form would be lost. */
export const leaving = (go: () => void) => ask([...unsaved], go);

/** aroundNav lets a navigation of the application pass that loses no form. */
export function aroundNav<Options>(navigate: (to: string, options?: Options) => void, to: string, options?: Options) {
  ask(lostBetween(location.href, to), () => navigate(to, options));
}

function lostBetween(from: string, to: string) {
  const [now, next] = [new URL(from), new URL(to, from)];
  return [...unsaved].filter(({ params }) => now.pathname !== next.pathname || params.some((name) => now.searchParams.get(name) !== next.searchParams.get(name)));
}

function ask(forms: readonly Form[], go: () => void) {
  if (forms.length) put({ forms, go });
  else go();
}

function put(question: Question | null) {
  asked = question;
  for (const listener of listeners) listener();
}

function release(forms: readonly Form[]) {
  for (const form of forms) unsaved.delete(form);
  if (!unsaved.size) window.removeEventListener('beforeunload', stay);
}

const stay = (event: Event) => event.preventDefault();

// The browser's own way back has happened when it is told: it is undone before the pages see it, and done again once that may be.
function popped(event: Event) {
  const lost = passing ? [] : lostBetween(here, location.href);
  passing = false;
  if (lost.length) {
    event.stopImmediatePropagation();
    history.pushState(null, '', here);
    ask(lost, () => {
      passing = true;
      history.back();
    });
  }
  here = location.href;
}

const went = () => {
  here = location.href;
};
window.addEventListener('popstate', popped, true);
window.addEventListener('pushState', went);
window.addEventListener('replaceState', went);
