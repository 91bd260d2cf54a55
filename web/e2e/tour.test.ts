import { expect, it } from 'vitest';
import { amara, browsers, house, olivia } from './demo';
import { drawn, patience } from './house';

const finished = () => house.ask<{ preferences: { tourFinished: boolean } }>(olivia, '{ preferences { tourFinished } }').then(({ preferences }) => preferences.tourFinished);

it('the tour begins by itself the first time, goes by keys, and can be repeated from the menu', async () => {
  const page = await browsers.enter(house, olivia, '/w/demo/pipelines', {}, false);
  page.setDefaultTimeout(patience);
  const step = (title: string) => page.locator('.driver-popover-title', { hasText: title }).waitFor();
  await step('This is a board');
  await page.keyboard.press('ArrowRight');
  await step('A stage');
  for (const title of ['A card', 'Find what you need', 'Go back in time', 'What happens', 'Always up to date', 'Your menu']) {
    await page.getByRole('button', { name: 'Next' }).click();
    await step(title);
  }
  await page.getByRole('button', { name: 'Done' }).click();
  await expect.poll(finished, { timeout: patience }).toBe(true);
  await page.reload();
  await drawn(page);
  await expect.poll(() => page.locator('.driver-popover').count()).toBe(0);
  await page.getByRole('button', { name: /^Menu of/ }).click();
  await page.getByRole('menuitem', { name: 'Guided tour' }).click();
  await step('This is a board');
  await page.keyboard.press('Escape');
  await page.locator('.driver-popover').waitFor({ state: 'detached' });
});

it('shows who else is online, as they come and go', async () => {
  const page = await browsers.enter(house, olivia);
  page.setDefaultTimeout(patience);
  await drawn(page);
  const hers = await browsers.enter(house, amara);
  await page.getByRole('button', { name: /online, 1 on this board$/ }).click();
  const list = page.getByRole('list', { name: 'Watching this board' });
  await list.waitFor();
  await expect.poll(() => list.getByRole('listitem').allTextContents()).toEqual([amara.name]);
  await expect.poll(() => page.getByRole('menuitem').count()).toBe(0); // there is nothing to do with them
  await page.keyboard.press('Escape');
  await hers.goto(`${house.url}/w/demo/pipelines/manage`);
  await page.getByRole('button', { name: /online$/ }).waitFor();
  await hers.context().close();
});
