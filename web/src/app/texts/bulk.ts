import { plural } from './plural';

/** What is done to many cards at once. */
export const bulk = {
  bulk: {
    pick: (title: string) => `Choose ${title}`,
    pickStage: (name: string) => `Choose all of ${name}`,
    chosen: ', chosen',
    bar: 'What to do with the chosen cards',
    count: (n: number) => `${n.toLocaleString('en')} ${plural(n, 'card', 'cards')} chosen`,
    /** What a screen reader hears when keys choose. */
    say: (n: number) => (n === 0 ? 'Nothing chosen.' : `${n.toLocaleString('en')} ${plural(n, 'card', 'cards')} chosen. Press B for what can be done with ${plural(n, 'it', 'them')}.`),
    clear: 'Choose nothing',
    move: 'Move',
    assign: 'Assign',
    tag: 'Tag',
    priority: 'Priority',
    otherPipeline: 'Another pipeline',
    addTags: 'Tags to add',
    removeTags: 'Tags to take away',
    tagsMissing: 'Name a tag to add or to take away.',
    next: 'Continue',
    titles: {
      move: (to: string) => `Move to ${to}`,
      assign: (to: string) => `Give to ${to}`,
      tag: 'Change tags',
      priority: (to: string) => `Set the priority to ${to}`,
      remove: 'Delete cards',
    },
    rehearsing: 'Trying it out, without changing anything',
    /** What a rehearsal found, by what would be done. */
    will: {
      move: (n: number) => `${n} ${plural(n, 'card', 'cards')} will move`,
      assign: (n: number) => `${n} ${plural(n, 'card', 'cards')} will get another owner`,
      tag: (n: number) => `${n} ${plural(n, 'card', 'cards')} will get other tags`,
      priority: (n: number) => `${n} ${plural(n, 'card', 'cards')} will get another priority`,
      remove: (n: number) => `${n} ${plural(n, 'card', 'cards')} will be deleted`,
    },
    did: {
      move: (n: number) => `${n} ${plural(n, 'card was', 'cards were')} moved`,
      assign: (n: number) => `${n} ${plural(n, 'card has', 'cards have')} another owner`,
      tag: (n: number) => `${n} ${plural(n, 'card has', 'cards have')} other tags`,
      priority: (n: number) => `${n} ${plural(n, 'card has', 'cards have')} another priority`,
      remove: (n: number) => `${n} ${plural(n, 'card was', 'cards were')} deleted`,
    },
    cannot: (n: number) => `${n} cannot, because`,
    because: (n: number, why: string) => `${n}: ${why}`,
    some: (names: string, more: number) => (more ? `${names} and ${more} more` : names),
    already: (n: number) => `${n} ${plural(n, 'is', 'are')} like this already`,
    nothingToDo: 'There is nothing to do.',
    tooMany: (n: number) => `${n.toLocaleString('en')} cards are too many to try out first. They are done 500 at a time, and you can stop in between.`,
    asJob: 'That is more than 500 cards: it is done 500 at a time while you go on working, and you can stop in between.',
    other: (n: number) => `Meanwhile cards came or went: it is about ${n} now.`,
    removeHint: 'They can be restored for 30 days.',
    confirm: { move: 'Move', assign: 'Assign', tag: 'Change tags', priority: 'Set priority', remove: 'Delete' },
    failedToo: (n: number) => `${n} could not.`,
    lacks: (fields: string) => `${fields} missing`,
  },
};
