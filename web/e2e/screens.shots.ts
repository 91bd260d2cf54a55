import { mkdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { Browsers, House } from './house';
import { screens } from './screens';
import { settled, sizes, stock, visit, type Stock } from './visit';

let house: House;
let browsers: Browsers;
let held: Stock;
beforeAll(async () => {
  mkdirSync('shots', { recursive: true });
  [house, browsers] = await Promise.all([House.open(), Browsers.open()]);
  held = await stock(house, browsers);
});
afterAll(async () => {
  await browsers.close();
  await house.close();
});

const only = process.env.SHOTS?.split(',');

/** Each screen, or those that SHOTS names, parted by commas, in both themes. */
describe.each(Object.entries(sizes))('%s', (size, options) => {
  it.each(Object.entries(screens).filter(([name]) => !only || only.includes(name)))('%s', async (name, screen) => {
    const context = await browsers.as(house, screen.as, options);
    const page = await context.newPage();
    await visit(page, screen, house, held);
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await settled(page);
      await page.screenshot({ path: `shots/${name}-${size}-${colorScheme}.png` });
    }
    await context.close();
  });
});
