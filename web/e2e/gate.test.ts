import { expect, it } from 'vitest';
import { browsers, house } from './demo';
import { complain, patience } from './house';

async function gate(path = '/') {
  const page = await (await browsers.context()).newPage();
  page.setDefaultTimeout(patience);
  complain(page);
  await page.goto(house.url + path);
  return page;
}

it('the owner comes in by a code from the mailbox, stays in after a reload, and goes out', async () => {
  const page = await gate();
  await page.getByLabel('Workspace ID').fill('demo');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('button', { name: 'Send me a code' }).click();
  await page.getByText(/We sent a code to .*\*\*\*/).waitFor();
  await expect.poll(() => page.getByRole('button', { name: /Send a new code in \d+ s/ }).isDisabled()).toBe(true);
  const code = page.getByLabel('Six-digit code');
  await code.focus();
  await page.keyboard.insertText(' 661 935\n'); // as it is pasted
  await expect.poll(() => code.inputValue()).toBe('661935');
  await page.keyboard.type('7');
  await expect.poll(() => code.inputValue()).toBe('661935');
  await page.getByLabel('Six-digit code').fill('000000');
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('alert').getByText(/not right, or no longer good/).waitFor();
  await page.getByLabel('Six-digit code').fill(await house.code());
  await page.getByRole('button', { name: 'Log in' }).click();
  await page.getByRole('heading', { level: 1, name: 'Sales Pipeline' }).waitFor();
  await expect.poll(() => page.url()).toContain('/w/demo/pipelines/pip_');
  await expect.poll(() => page.evaluate(() => document.cookie)).toBe('');
  await page.reload();
  await page.getByRole('heading', { level: 1, name: 'Sales Pipeline' }).waitFor();
  await page.locator('.driver-popover-title').waitFor(); // the tour of the first time
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: /^Menu of/ }).click();
  // Who cannot be logged out is told so.
  await page.route('**/api/auth/logout', (route) => route.abort());
  await page.getByRole('menuitem', { name: 'Log out' }).click();
  await page.getByText('You are still logged in').first().waitFor();
  await page.unroute('**/api/auth/logout');
  await page.getByRole('button', { name: /^Menu of/ }).click();
  await page.getByRole('menuitem', { name: 'Log out' }).click();
  await page.getByRole('button', { name: 'Send me a code' }).waitFor();
  await expect.poll(() => page.title()).toBe('Tideboard');
});

it('where the owner has no address, a code is for members only', async () => {
  const page = await (await browsers.context()).newPage();
  page.setDefaultTimeout(patience);
  await page.route('**/api/access?*', async (route) => route.fulfill({ json: { ...(await (await route.fetch()).json()), otp_available: false } }));
  await page.goto(`${house.url}/?workspace_id=demo`);
  await page.getByText('knows no e-mail address of the owner').waitFor();
  await page.getByLabel('Your e-mail address').waitFor();
  await expect.poll(() => page.getByRole('button', { name: 'I am the owner' }).count()).toBe(0);
});

it('a workspace that may not come in is told why, and what to do', async () => {
  const page = await gate();
  await page.getByLabel('Workspace ID').fill('nobody-knows-it');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByRole('alert').getByText('We do not know this workspace').waitFor();
  await page.getByText('Add the CRM mini app').waitFor();
});

it('a launch link without worth says so, and leaves no token in the address', async () => {
  const page = await gate('/w/demo#token=abc.def.ghi');
  await page.getByRole('alert').waitFor();
  await expect.poll(() => page.url()).not.toContain('token');
});
