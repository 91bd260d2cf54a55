import type { BrowserContext, Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { browsers, house, olivia } from './demo';
import { complain, patience } from './house';

interface Invited {
  inviteMembers: { results: { link: string; invitation: { id: string } }[] };
}

async function invite(email: string) {
  const { inviteMembers } = await house.ask<Invited>(olivia, 'mutation ($i: InviteMembersInput!) { inviteMembers(input: $i) { results { link invitation { id } } } }', { i: { emails: [email], role: 'AGENT' } });
  const { link, invitation } = inviteMembers.results[0]!;
  return { link, id: invitation.id };
}

async function visitor(context?: BrowserContext) {
  const page = await (context ?? (await browsers.context())).newPage();
  page.setDefaultTimeout(patience);
  complain(page);
  return page;
}

const newestMail = async (page: Page) => {
  const [newest] = /\/dev\/mailbox\/mai_\w+/.exec(await (await page.request.get(house.url + '/dev/mailbox')).text()) ?? [];
  return newest ? (await page.request.get(house.url + newest)).text() : '';
};

it('an invited person joins by the link of the mail, a name and a code, and the link is kept nowhere', async () => {
  const page = await visitor();
  const { link } = await invite('nora@mail.example');
  expect(link).toContain(house.url + '/invitation#token=tbi_');
  await expect.poll(() => newestMail(page)).toContain(`href="${link}"`);
  const token = link.split('#token=')[1]!;
  const told: string[] = [];
  page.on('request', (request) => told.push(new URL(request.url()).href.split('#')[0]!, request.headers().referer ?? ''));

  await page.goto(link);
  await page.getByRole('heading', { level: 1, name: /^Join / }).waitFor();
  await expect.poll(() => page.url()).toBe(house.url + '/invitation');
  await page.getByText(/This invitation is for n\*\*\*@m\*\*\*\.example/).waitFor();
  await page.getByRole('button', { name: 'Send me a code' }).click();
  await page.getByRole('alert').getByText('Enter your first name').waitFor();
  await page.getByLabel('First name').fill('Nora');
  await page.getByLabel('Last name').fill('New');
  await page.getByRole('button', { name: 'Send me a code' }).click();
  await page.getByText(/We sent a code to n\*\*\*/).waitFor();
  const resend = page.getByRole('button', { name: /^Send a new code in \d+ s$/ });
  await expect.poll(() => resend.isDisabled()).toBe(true);
  // Who goes back to the name comes again to the same code, and to the same wait.
  await page.getByRole('button', { name: 'Change the name' }).click();
  await page.getByLabel('Last name').fill('Newman');
  await page.getByRole('button', { name: 'Send me a code' }).click();
  await resend.waitFor();
  await page.getByLabel('Six-digit code').fill('000000');
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('alert').getByText(/not right, or no longer good/).waitFor();
  await expect.poll(() => house.code().catch(() => '')).toMatch(/^\d{6}$/);
  await page.getByLabel('Six-digit code').fill(await house.code());
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('button', { name: 'Menu of Nora Newman' }).waitFor();
  await expect.poll(() => page.url()).toContain('/w/demo/pipelines');
  expect(told.filter((text) => text.includes(token))).toEqual([]);
  await page.goBack();
  await expect.poll(() => page.url()).not.toContain(token);

  // It opens one membership; who opens it again is told so, and comes to the login.
  const again = await visitor(page.context());
  await again.goto(link);
  await again.getByRole('alert').getByText('This invitation does not hold any more').waitFor();
  await expect.poll(() => again.url()).toBe(house.url + '/invitation');
  await again.getByRole('button', { name: 'Go to the login' }).click();
  await again.getByRole('button', { name: 'Menu of Nora Newman' }).waitFor();
});

it('a link that is dead or cut says so; another one that is opened in the same page is read', async () => {
  const page = await visitor();
  const [dead, live] = [await invite('otto@mail.example'), await invite('pia@mail.example')];
  await house.ask(olivia, 'mutation ($i: CancelInvitationInput!) { cancelInvitation(input: $i) { revision } }', { i: { id: dead.id } });
  await page.goto(dead.link);
  await page.getByText('Ask whoever invited you to send it again').waitFor();
  await page.reload();
  await page.getByText('Open the link in the mail again').waitFor();
  await page.goto(live.link);
  await page.getByText(/This invitation is for p\*\*\*/).waitFor();
  await expect.poll(() => page.url()).toBe(house.url + '/invitation');
  // It died while the name was typed.
  await house.ask(olivia, 'mutation ($i: CancelInvitationInput!) { cancelInvitation(input: $i) { revision } }', { i: { id: live.id } });
  await page.getByLabel('First name').fill('Pia');
  await page.getByRole('button', { name: 'Send me a code' }).click();
  await page.getByText('This invitation does not hold any more').waitFor();
  await page.getByRole('button', { name: 'Go to the login' }).click();
  await page.getByLabel('Workspace ID').waitFor();
});

it('where the workspace may not come in it is said why', async () => {
  const page = await visitor();
  const { link } = await invite('rosa@mail.example');
  await page.route('**/api/invitations/find', (route) => route.fulfill({ status: 403, json: { error: { code: 'WORKSPACE_NOT_ELIGIBLE', reason: 'PAUSED', message: 'paused' } } }));
  await page.goto(link);
  await page.getByRole('alert').getByText('This workspace is paused').waitFor();
});

it('what cannot be looked up now is looked up again', async () => {
  const page = await visitor();
  const { link } = await invite('quin@mail.example');
  await page.route('**/api/invitations/find', (route) => route.abort());
  await page.goto(link);
  await page.getByRole('alert').getByText('The server cannot be reached').waitFor();
  await page.unroute('**/api/invitations/find');
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByLabel('First name').waitFor();
});
