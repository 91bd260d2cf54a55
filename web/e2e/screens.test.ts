import type { BrowserContext } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accessible } from './axe';
import { browsers, house } from './demo';
import { complain } from './house';
import { fits } from './layout';
import { screens } from './screens';
import { settled, sizes, stock, visit, type Stock } from './visit';

let held: Stock;
beforeAll(async () => {
  held = await stock(house, browsers);
});

/** Every screen on a phone, the main ones on a large screen too: nothing goes over an edge, and all of it is accessible in both themes. */
describe.each(Object.entries(sizes))('%s', (size, options) => {
  const contexts = new Map<string | null, BrowserContext>();
  afterAll(async () => {
    for (const context of contexts.values()) await context.close();
  });

  it.each(Object.entries(screens).filter(([, { main }]) => main || size === 'phone'))('%s', async (name, screen) => {
    const who = screen.as === undefined ? 'OWNER' : screen.as;
    if (!contexts.has(who)) contexts.set(who, await browsers.as(house, who, options));
    const context = contexts.get(who)!;
    const page = await context.newPage();
    complain(page);
    try {
      await visit(page, screen, house, held);
      await fits(page, `${name} fits`, options.viewport.width, screen.foreign ?? '');
      await accessible(page, `${name}, light`, screen.except);
      await page.emulateMedia({ colorScheme: 'dark' });
      await settled(page);
      await expect.poll(() => page.evaluate(() => document.documentElement.dataset.theme)).toBe('dark');
      // The rest does not depend on the theme.
      await accessible(page, `${name}, dark`, screen.except, ['color-contrast']);
    } finally {
      await page.close();
      await context.setOffline(false);
    }
  });
});
