import { mkdirSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, it } from 'vitest';
import { Browsers, House, column } from './house';

let house: House;
let browsers: Browsers;
beforeAll(async () => {
  mkdirSync('shots', { recursive: true });
  [house, browsers] = await Promise.all([House.open(), Browsers.open()]);
});
afterAll(async () => {
  await browsers.close();
  await house.close();
});

const sizes = { desktop: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };

/** Each screen, or those that SHOTS names, parted by commas: how to get there from the address, and what must be there before the picture is taken. */
const screens: Record<string, { path?: string; out?: true; go: (page: Page) => Promise<void> }> = {
  gate: { path: '/', out: true, go: async (page) => page.getByLabel('Workspace ID').waitFor() },
  'gate-refused': {
    path: '/', out: true,
    go: async (page) => {
      await page.getByLabel('Workspace ID').fill('acme');
      await page.getByRole('button', { name: 'Continue' }).click();
      await page.getByRole('alert').waitFor();
    },
  },
  'gate-mail': { path: '/w/demo', out: true, go: async (page) => page.getByRole('button', { name: 'Send me a code' }).waitFor() },
  board: { go: async (page) => column(page, 'Lead').locator('[data-title]').first().waitFor() },
  'board-drag': {
    go: async (page) => {
      await column(page, 'Lead').locator('[data-title]').nth(1).focus();
      await page.keyboard.press('Space');
      await page.keyboard.press('ArrowRight');
    },
  },
  panel: {
    go: async (page) => {
      await column(page, 'Lead').locator('[data-title]').nth(1).click();
      await page.getByText('Created').waitFor();
    },
  },
  create: {
    go: async (page) => {
      await column(page, 'Lead').locator('[data-title]').first().waitFor();
      await page.getByRole('button', { name: 'New card' }).first().click();
      await page.getByRole('dialog').waitFor();
    },
  },
  shortcuts: { go: async (page) => (await column(page, 'Lead').locator('[data-title]').first().waitFor(), await page.keyboard.press('?'), page.getByRole('dialog').waitFor()) },
  menu: { go: async (page) => (await column(page, 'Lead').locator('[data-title]').first().waitFor(), page.getByRole('button', { name: /^Menu of/ }).click()) },
  list: { path: '/list?sort=-PRIORITY,TITLE', go: async (page) => page.locator('tr[data-row]').first().waitFor() },
  'saved-views': { path: '/list', go: async (page) => (await page.locator('tr[data-row]').first().waitFor(), page.getByRole('button', { name: /^Saved views/ }).click()) },
  flow: { path: '/flow', go: async (page) => page.locator('.react-flow__edge').first().waitFor({ state: 'attached' }) },
  'pipeline-edit': { path: '/edit', go: async (page) => page.getByRole('textbox', { name: 'Name of the stage' }).first().waitFor() },
  'pipelines-new': { path: '/../new', go: async (page) => page.getByRole('button', { name: /^Use this/ }).first().waitFor() },
  'pipelines-manage': { path: '/../manage', go: async (page) => page.getByText(/cards$/).first().waitFor() },
  explorer: { path: '/../../explorer', go: async (page) => page.locator('.view-line').first().waitFor() },
  past: { path: `?at=${new Date(Date.now() - 3 * 86_400_000).toISOString()}`, go: async (page) => page.getByText(/cards? changed since$/).first().waitFor() },
  activity: {
    go: async (page) => {
      await page.getByRole('button', { name: 'Show what happens' }).click();
      await page.getByRole('dialog', { name: 'Activity' }).getByRole('listitem').first().waitFor();
    },
  },
  story: {
    go: async (page) => {
      await column(page, 'Qualified').locator('[data-title]').first().click();
      await page.getByRole('heading', { name: 'Time in stages' }).scrollIntoViewIfNeeded();
    },
  },
  tour: {
    go: async (page) => {
      await column(page, 'Lead').locator('[data-title]').first().waitFor();
      await page.getByRole('button', { name: /^Menu of/ }).click();
      await page.getByRole('menuitem', { name: 'Guided tour' }).click();
      await page.locator('.driver-popover-title').waitFor();
    },
  },
  choosing: { go: async (page) => choose(page) },
  rehearsal: {
    go: async (page) => {
      await choose(page);
      await page.getByRole('toolbar').getByRole('button', { name: 'Move' }).click();
      await page.getByRole('menuitem', { name: 'Negotiation', exact: true }).click();
      await page.getByText(/will move/).waitFor();
    },
  },
  empty: { path: '?q=no+such+card', go: async (page) => page.getByText('No card matches').waitFor() },
};

async function choose(page: Page) {
  await column(page, 'Lead').locator('[data-title]').first().focus();
  await page.keyboard.press('Control+a');
  await page.getByRole('toolbar').waitFor();
}

const only = process.env.SHOTS?.split(',');

for (const [size, viewport] of Object.entries(sizes)) {
  for (const colorScheme of ['light', 'dark'] as const) {
    it(`${size}, ${colorScheme}`, async () => {
      for (const [name, { path = '', out, go }] of Object.entries(screens).filter(([name]) => !only || only.includes(name))) {
        const options = { viewport, colorScheme, hasTouch: size === 'phone', deviceScaleFactor: size === 'phone' ? 2 : 1 };
        let page: Page;
        if (out) {
          page = await (await browsers.context(options)).newPage();
          await page.goto(house.url + path);
        } else {
          page = await browsers.enter(house, house.person('OWNER'), `/w/demo/pipelines/${house.demo.pipelines[0]!.id}${path}`, options);
        }
        page.setDefaultTimeout(15_000);
        await go(page);
        await page.evaluate(() => document.fonts.ready);
        await page.evaluate(() => Promise.allSettled(document.getAnimations().map((animation) => animation.finished)));
        await page.screenshot({ path: `shots/${name}-${size}-${colorScheme}.png` });
        await page.context().close();
      }
    });
  }
}
