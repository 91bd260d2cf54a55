import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { browsers, house } from './demo';
import { drawn, patience } from './house';

/** A board whose browser does not get the scripts of a name, and then does: what was fetched early is gone as well. */
async function without(scripts: RegExp): Promise<{ page: Page; back: () => Promise<void> }> {
  const page = await (await browsers.as(house)).newPage();
  page.setDefaultTimeout(patience);
  await page.route(scripts, (route) => route.abort());
  await page.goto(`${house.url}/w/demo/pipelines/${house.demo.pipelines[0]!.id}`);
  await drawn(page);
  return { page, back: () => page.unroute(scripts) };
}

const cards = (page: Page) => page.locator('[data-title]');
const lost = (page: Page) => page.getByRole('dialog', { name: 'This part could not be fetched' });

it('a panel that cannot be fetched leaves the board, and comes when it is asked for again, with its looks', async () => {
  const { page, back } = await without(/assets\/panel-.*\.(js|css)$/);
  await cards(page).first().click();
  await lost(page).waitFor();
  await expect.poll(() => cards(page).count()).toBeGreaterThan(1);
  await lost(page).getByRole('button', { name: 'Try again' }).click();
  await lost(page).waitFor();
  await lost(page).getByRole('button', { name: 'Close' }).click();
  await lost(page).waitFor({ state: 'detached' });
  await back();
  await cards(page).first().click();
  await page.getByRole('dialog').getByRole('heading', { name: 'History' }).waitFor();
  await expect.poll(() => page.getByRole('dialog').locator('dl').first().evaluate((list) => getComputedStyle(list).display)).toBe('grid');
});

it('keys that open what cannot be fetched leave the page; what is missing comes with the network', async () => {
  const { page, back } = await without(/assets\/shortcuts-.*\.js$/);
  await page.keyboard.press('?');
  await lost(page).waitFor();
  await expect.poll(() => cards(page).count()).toBeGreaterThan(1);
  await back();
  await page.evaluate(() => window.dispatchEvent(new Event('online')));
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
});

it('a page that could not be fetched says so, and the next one is shown', async () => {
  const { page, back } = await without(/assets\/manage-.*\.js$/);
  await page.getByRole('link', { name: 'Manage pipelines' }).click();
  await page.getByRole('heading', { name: 'This part could not be fetched' }).waitFor();
  await page.getByRole('navigation', { name: 'Pipelines' }).getByRole('link', { name: 'Sales Pipeline' }).first().click();
  await cards(page).first().waitFor();
  await back();
  await page.getByRole('link', { name: 'Manage pipelines' }).click();
  await page.getByRole('heading', { level: 1, name: 'Manage pipelines' }).waitFor();
});

it('what will likely be asked for is there before the network goes', async () => {
  const page = await (await browsers.as(house)).newPage();
  page.setDefaultTimeout(patience);
  const came = new Set<string>();
  page.on('response', (response) => came.add(/assets\/([a-z]+(?:-list)?)-.*\.js$/.exec(response.url())?.[1] ?? ''));
  await page.goto(`${house.url}/w/demo/pipelines/${house.demo.pipelines[0]!.id}`);
  await cards(page).first().waitFor();
  await page.mouse.move(700, 400);
  await expect.poll(() => ['panel', 'create', 'shortcuts', 'story', 'toast-list'].filter((name) => !came.has(name)), { timeout: patience }).toEqual([]);
  await page.context().setOffline(true);
  await page.keyboard.press('n');
  await page.getByRole('dialog', { name: 'New card' }).waitFor();
});
