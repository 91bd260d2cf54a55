import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { browsers, house, olivia } from './demo';
import { column, complain, drawn, patience } from './house';

async function open(query = '', options = {}): Promise<Page> {
  const page = await browsers.enter(house, olivia, `/w/demo/pipelines/${house.demo.pipelines[0]!.id}${query}`, options);
  page.setDefaultTimeout(patience);
  await drawn(page);
  return page;
}

const cards = (page: Page) => column(page, 'Lead').locator('[data-title]');

/** focused waits until an element has the focus. */
const focused = (element: ReturnType<Page['locator']>) => expect.poll(() => element.evaluate((one) => document.activeElement === one), { timeout: patience }).toBe(true);
const dialog = (page: Page) => page.getByRole('dialog');

it('a new card takes what is typed at once, in its title', async () => {
  const page = await open();
  await page.keyboard.press('n');
  await focused(dialog(page).getByLabel('Title'));
  await page.keyboard.type('Hi there');
  await expect.poll(() => dialog(page).getByLabel('Title').inputValue()).toBe('Hi there');
});

it('what was laid over the board gives the focus back to where it was', async () => {
  const page = await open();
  const title = cards(page).nth(1);
  for (const key of ['Enter', '?', 'n', 'a']) {
    await title.focus();
    await page.keyboard.press(key);
    await expect.poll(() => page.evaluate(() => document.activeElement?.closest('[role=dialog]') !== null), { timeout: patience }).toBe(true);
    await page.keyboard.press('Escape');
    await dialog(page).waitFor({ state: 'detached' });
    await focused(title);
  }
});

it('the focus stays in the panel while it loads, and goes with editing and back', async () => {
  const page = await open();
  await page.route('**/graphql', async (route) => {
    if (route.request().postData()?.includes('"RecordPanel"')) await dialog(page).waitFor();
    await route.continue();
  });
  await cards(page).nth(1).focus();
  await page.keyboard.press('Enter');
  await dialog(page).getByRole('heading', { name: 'History' }).waitFor();
  await focused(dialog(page));
  await dialog(page).getByRole('button', { name: 'Edit', exact: true }).press('Enter');
  await focused(dialog(page).getByLabel('Title'));
  await dialog(page).getByLabel('Title').fill('Another name');
  await page.keyboard.press('Enter');
  await focused(dialog(page).getByRole('button', { name: 'Edit', exact: true }));
});

it('the button of a card’s menu keeps the focus when it comes near, when the menu closes, and after a question', async () => {
  const page = await open();
  await cards(page).nth(2).focus();
  await page.keyboard.press('Tab');
  const button = page.locator(':focus');
  await expect.poll(() => button.getAttribute('aria-haspopup')).toBe('menu');
  const same = await button.elementHandle();
  const name = (await button.getAttribute('aria-label'))!;
  await page.keyboard.press('Enter');
  await page.getByRole('menu', { name }).waitFor();
  await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('menuitem');
  await page.keyboard.press('Escape');
  await page.getByRole('menu').waitFor({ state: 'detached' });
  await expect.poll(() => same!.evaluate((one) => document.activeElement === one)).toBe(true);
  await page.keyboard.press('ArrowDown');
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await focused(dialog(page).getByRole('button', { name: 'Cancel' }));
  await page.keyboard.press('Escape');
  await expect.poll(() => same!.evaluate((one) => document.activeElement === one), { timeout: patience }).toBe(true);
});

it('the past begins and ends at its button', async () => {
  const page = await open();
  const button = page.getByRole('button', { name: 'Show the board as it was' });
  await button.press('Enter');
  await page.getByText(/^As of/).waitFor();
  await focused(button);
  await page.getByRole('button', { name: 'Back to now' }).press('Enter');
  await page.getByText(/^As of/).waitFor({ state: 'detached' });
  await focused(button);
});

it('a code that was refused is typed anew', async () => {
  const page = await (await browsers.context()).newPage();
  complain(page);
  await page.goto(house.url + '/w/demo');
  await page.getByRole('button', { name: 'Send me a code' }).click();
  await page.getByLabel('Six-digit code').fill('000000');
  await page.getByRole('button', { name: 'Log in' }).press('Enter');
  await page.getByRole('alert').waitFor();
  await focused(page.getByLabel('Six-digit code'));
});

it('the last column comes out from below the panel', async () => {
  const page = await open();
  await cards(page).first().click();
  await dialog(page).getByRole('heading', { name: 'History' }).waitFor();
  const last = page.locator('[data-column]').last();
  await last.evaluate((element) => element.parentElement!.scrollTo(99_999, 0));
  const [edge, panel] = [(await last.boundingBox())!, (await dialog(page).boundingBox())!];
  expect(edge.x + edge.width).toBeLessThanOrEqual(panel.x);
});

it('what a long dialog offers to do is in view', async () => {
  const page = await open();
  await page.keyboard.press('n');
  const submit = dialog(page).getByRole('button', { name: 'New card' });
  await submit.waitFor();
  const [button, around] = [(await submit.boundingBox())!, (await dialog(page).boundingBox())!];
  await expect.poll(() => dialog(page).evaluate((element) => element.scrollHeight > element.clientHeight)).toBe(true);
  expect(button.y + button.height).toBeLessThanOrEqual(around.y + around.height);
});

it('Escape is for what has the focus: the panel closes, the toast stays until it is asked', async () => {
  const page = await open();
  await page.keyboard.press('n');
  await dialog(page).getByLabel('Title').fill('Breakwater');
  await page.keyboard.press('Enter');
  const panel = page.getByRole('dialog', { name: 'Breakwater' });
  const toast = page.locator('li[data-swipe-direction]', { hasText: 'Breakwater' });
  await toast.hover(); // so that it stays
  await panel.getByRole('heading', { name: 'History' }).waitFor();
  await page.keyboard.press('Escape');
  await panel.waitFor({ state: 'detached' });
  await expect.poll(() => toast.count()).toBe(1);
  await toast.focus();
  await page.keyboard.press('Escape');
  await toast.waitFor({ state: 'detached' });
});
