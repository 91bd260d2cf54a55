import { plural } from './plural';

/** The frame around the screens: the bar, the tour, the panel of what happens, jobs. */
export const work = {
  shell: {
    pipelines: 'Pipelines',
    tabs: 'Areas',
    collapse: 'Collapse the list of pipelines',
    expand: 'Show the list of pipelines',
    switchTo: 'Switch pipeline',
    isDefault: 'Default',
    noPipelines: 'No pipelines yet',
    noPipelinesHint: 'A pipeline is a board with the stages of your work. Whoever manages pipelines can make the first one.',
    profile: (name: string) => `Menu of ${name}`,
    theme: 'Theme',
    themes: { SYSTEM: 'As the system', LIGHT: 'Light', DARK: 'Dark' },
    sessions: 'Sessions',
    sessionsHint: 'Where you are logged in. End what you do not know.',
    thisSession: 'This one',
    endSession: 'End',
    unknownBrowser: 'Unknown browser',
    lastSeen: (when: string) => `Last used ${when}`,
    shortcuts: 'Keyboard shortcuts',
    logout: 'Log out',
  },

  link: {
    live: 'Live',
    catchingUp: 'Catching up',
    offline: 'Offline',
    liveHint: 'You see every change as it happens.',
    catchingUpHint: 'Fetching what happened meanwhile.',
    offlineHint: 'No connection. What you see may be old; it catches up by itself.',
  },

  shortcuts: {
    title: 'Keyboard shortcuts',
    general: 'Everywhere',
    onBoard: 'On a board',
    moving: 'While moving a card',
    choosing: 'Choosing cards',
    choose: 'Choose a card, or not',
    reach: 'Choose the next one too',
    chooseStage: 'Choose the whole stage',
    chooseNothing: 'Choose nothing',
    help: 'Show this help',
    search: 'Search the cards',
    sidebar: 'Show or hide the pipelines',
    create: 'New card',
    close: 'Close what is open',
    activity: 'Show what happens',
    walk: 'Go from card to card',
    open: 'Open the card',
    lift: 'Lift the card, and put it down',
    place: 'Choose its place',
    giveUp: 'Put it back',
    space: 'Space',
    enter: 'Enter',
    arrows: 'Arrow keys',
  },

  explorer: {
    title: 'API explorer',
    menu: 'API explorer',
  },

  activity: {
    title: 'Activity',
    open: 'Show what happens',
    onlyHere: 'This pipeline only',
    empty: 'Nothing happened yet',
    emptyHint: 'What anybody does here is told as it happens.',
    earlier: 'Show what was earlier',
    somewhere: 'another place',
    somebody: 'somebody',
    one: (entity: string, name: string) => {
      const kind = { record: '', contact: 'the contact ', company: 'the company ', task: 'the task ', stage: 'the stage ', pipeline: 'the pipeline ', team: 'the team ', member: 'the member ' } as Record<string, string>;
      return name ? `${kind[entity] ?? ''}“${name}”` : ({ settings: 'the settings', workspace: 'the workspace', invitation: 'an invitation', api_key: 'an API key', record: 'a card' } as Record<string, string>)[entity] ?? `a ${entity}`;
    },
    many: (n: number, entity: string) => `${n} ${({ record: 'cards', company: 'companies', settings: 'settings', api_key: 'API keys' } as Record<string, string>)[entity] ?? `${entity}s`}`,
    moved: (what: string, to: string) => `moved ${what} to ${to}`,
    transferred: (what: string, pipeline: string, stage: string) => `moved ${what} to ${pipeline}, ${stage}`,
    assigned: (what: string, to: string) => `gave ${what} to ${to}`,
    unassigned: (what: string) => `took ${what} from its owner`,
    changed: (what: string, fields: string) => `changed ${fields} of ${what}`,
    did: {
      created: (what: string) => `created ${what}`,
      updated: (what: string) => `changed ${what}`,
      deleted: (what: string) => `deleted ${what}`,
      restored: (what: string) => `restored ${what}`,
      won: (what: string) => `won ${what}`,
      lost: (what: string) => `lost ${what}`,
      completed: (what: string) => `completed ${what}`,
      reopened: (what: string) => `reopened ${what}`,
      assigned: (what: string) => `gave ${what} to somebody else`,
      reordered: (what: string) => `moved ${what} to another position`,
      activated: (what: string) => `let ${what} in again`,
      deactivated: (what: string) => `ended the access of ${what}`,
    } as Record<string, (what: string) => string>,
  },

  online: {
    title: 'Online now',
    here: 'Watching this board',
    label: (n: number, here: number) => `${n} ${plural(n, 'other is', 'others are')} online${here ? `, ${here} on this board` : ''}`,
  },

  tour: {
    start: 'Guided tour',
    progress: '{{current}} of {{total}}',
    next: 'Next',
    back: 'Back',
    done: 'Done',
    board: { title: 'This is a board', description: 'A pipeline with its stages, from left to right. Everything on it is live: what others do, you see at once.' },
    stage: { title: 'A stage', description: 'Its cards, how many there are, and what they are worth. Choose all of them by the box in its corner.' },
    card: { title: 'A card', description: 'Drag it to another stage, or open it. By keyboard: Space lifts it, the arrow keys choose its place. X chooses it, to do something with many at once.' },
    filters: { title: 'Find what you need', description: 'Search and filter. The address holds it, so that a link shows others the same.' },
    past: { title: 'Go back in time', description: 'See the board as it was, and what changed since.' },
    activity: { title: 'What happens', description: 'Who did what, as it happens.' },
    link: { title: 'Always up to date', description: 'This tells whether what you see is what is. After a lost connection it catches up by itself.' },
    help: { title: 'Your menu', description: 'Theme, sessions, keyboard shortcuts, and this tour once more.' },
  },

  jobs: {
    label: 'Jobs under way',
    kinds: {
      MOVE_RECORDS: 'Moving cards', ASSIGN_RECORDS: 'Assigning cards', TAG_RECORDS: 'Tagging cards', UPDATE_RECORDS: 'Changing cards', DELETE_RECORDS: 'Deleting cards',
    } as Record<string, string>,
    anyKind: 'Working',
    states: { QUEUED: 'Waiting for its turn', SUCCEEDED: 'Done', FAILED: 'Failed', CANCELLED: 'Stopped' } as Record<string, string>,
    progress: (done: number, total: number | null) => (total === null ? done.toLocaleString('en') : `${done.toLocaleString('en')} of ${total.toLocaleString('en')}`),
    cancel: 'Stop',
    cancelling: 'Stopping after this step',
    result: (changed: number, failed: number) => `${changed.toLocaleString('en')} done${failed ? `, ${failed.toLocaleString('en')} could not` : ''}`,
    dismiss: 'Dismiss',
  },

  /** Fields of a card by their names in the API, as they are spoken of in passing. */
};
