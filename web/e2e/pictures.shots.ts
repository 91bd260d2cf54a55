import { mkdirSync } from 'node:fs';
import { afterAll, beforeAll, it } from 'vitest';
import { Browsers, House } from './house';
import { screens } from './screens';
import { sizes, visit } from './visit';

let house: House;
let browsers: Browsers;
beforeAll(async () => {
  mkdirSync('../docs/images', { recursive: true });
  [house, browsers] = await Promise.all([House.open(), Browsers.open()]);
  await browsers.enter(house, house.person('ADMIN'));
});
afterAll(async () => {
  await browsers.close();
  await house.close();
});

/** The pictures of the README: small, so that they may lie in the repository. */
const pictures = [
  ['board', 'board', 'desktop', 'light'],
  ['past', 'past', 'desktop', 'dark'],
  ['flow', 'flow', 'desktop', 'light'],
  ['phone', 'panel', 'phone', 'light'],
] as const;

it.each(pictures)('%s', async (name, screen, size, colorScheme) => {
  const viewport = size === 'desktop' ? { width: 1120, height: 700 } : sizes.phone.viewport;
  const context = await browsers.as(house, 'OWNER', { ...sizes[size], viewport, deviceScaleFactor: 1, colorScheme });
  const page = await context.newPage();
  await visit(page, screens[screen]!, house);
  await page.mouse.move(0, 0);
  await page.screenshot({ path: `../docs/images/${name}.png` });
});
