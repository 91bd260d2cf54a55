/** What every screen says, and what stands for codes of the API. */
export const general = {
  product: 'Tideboard',
  skip: 'Skip to the content',
  loading: 'Loading',
  again: 'Try again',
  close: 'Close',
  back: 'Back',
  cancel: 'Cancel',
  choose: 'Choose',
  save: 'Save',
  saved: 'Saved',
  remove: 'Delete',
  add: 'Add',
  yes: 'Yes',
  no: 'No',
  none: 'None',
  nobody: 'Nobody',
  you: 'You',
  optional: 'optional',
  requestId: (id: string) => `Request ${id}`,

  wrong: {
    title: 'That did not work',
    network: 'The server cannot be reached. Check your connection, then try again.',
    page: 'This page could not be shown',
    pageHint: 'Reload it. If it happens again, tell us what you did before.',
    reload: 'Reload',
    part: 'This part could not be fetched',
    partHint: 'Check your connection, then try again. Where that does not help there is a newer version: reload the page.',
  },

  unsaved: {
    title: 'Discard changes?',
    hint: 'What you typed was not saved.',
    keep: 'Keep editing',
    discard: 'Discard',
  },

  amount: {
    unread: (example: string) => `This is no amount. Write it like ${example}.`,
  },

  missing: {
    title: 'There is nothing at this address',
    hint: 'It may have been deleted, or you may not be allowed to see it.',
    home: 'Go to your boards',
  },

  roles: { OWNER: 'Owner', ADMIN: 'Admin', TEAM_ADMIN: 'Team admin', AGENT: 'Agent', PROJECT_MANAGER: 'Project manager' } as Record<string, string>,

  fields: {
    title: 'title', description: 'description', value: 'value', currency: 'currency', lineItems: 'line items', probability: 'probability', status: 'status', priority: 'priority',
    owner: 'owner', ownerId: 'owner', contact: 'contact', contactId: 'contact', contactName: 'contact name', contactEmail: 'e-mail', contactPhone: 'phone', company: 'company',
    companyId: 'company', companyName: 'company', participants: 'participants', links: 'links', expectedCloseDate: 'expected close', lostReason: 'reason', lostReasonKey: 'reason',
    sourceDetail: 'source', channel: 'channel', chatUrl: 'chat', tags: 'tags', customFields: 'custom fields', externalId: 'external id', stageId: 'stage', pipelineId: 'pipeline',
  } as Record<string, string>,

  codes: {
    FORBIDDEN: 'You may not do this.',
    NOT_FOUND: 'It is not there any more, or you may not see it.',
    CONFLICT: 'Somebody else changed it meanwhile.',
    LIMIT_EXCEEDED: 'The plan has no room for more of this.',
    RATE_LIMITED: 'That was too often. Wait a little, then try again.',
    OVERLOADED: 'The server is too busy now. Try again in a moment.',
    UPSTREAM_UNAVAILABLE: 'The chatbot platform does not answer now.',
    INTERNAL: 'The server made a mistake. The number below helps us find it.',
  } as Record<string, string>,
};
