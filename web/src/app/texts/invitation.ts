/** What the page of an invitation says: it is loaded with it. */
export const invitation = {
  title: 'Your invitation',
  titleTo: (workspace: string) => `Join ${workspace}`,
  lead: 'Work on boards together, live.',
  finding: 'Looking up your invitation',
  to: (target: string) => `This invitation is for ${target}. We send a code there, to make sure it is you.`,
  firstName: 'First name',
  lastName: 'Last name',
  firstNameMissing: 'Enter your first name.',
  haveCode: 'I have a code',
  enterCode: (target: string) => `Enter the code that we sent to ${target}.`,
  change: 'Change the name',
  dead: 'This invitation does not hold any more',
  deadHint: 'It was used, withdrawn or replaced by a newer one, or its seven days have passed. Ask whoever invited you to send it again. If you have joined already, log in with your e-mail address.',
  missing: 'The link is not complete',
  missingHint: 'For your safety the address of this page forgets your invitation once it was read. Open the link in the mail again.',
  toLogin: 'Go to the login',
};
