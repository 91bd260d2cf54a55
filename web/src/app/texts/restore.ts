import { plural } from './plural';

/** What is said of deleted cards that come back, and of what is not done any more: it is loaded with what deletes them. */
export const restore = {
  undo: 'Undo',
  mayNot: { title: 'Nothing was changed', text: 'You may not change cards any more.' },
  back: (n: number, title: string | undefined) => (title ? `“${title}” is back` : `${n} ${plural(n, 'card is', 'cards are')} back`),
  notBack: (n: number, title: string | undefined) => (title ? `“${title}” was not restored` : `${n} ${plural(n, 'card was', 'cards were')} not restored`),
};
