import { mkdirSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, it } from 'vitest';
import { busyAfter, figuresOf } from './figures';
import { Hand } from './hand';
import { Browsers, House, column, patience } from './house';
import { LONG, foreignMoves, loadAll, makeLarge, stages, type Large } from './large';
import { report, type Run } from './report';
import { Traffic, record } from './tracing';

let house: House;
let browsers: Browsers;
let board: Large;
beforeAll(async () => {
  mkdirSync('traces', { recursive: true });
  [house, browsers] = await Promise.all([House.open(), Browsers.open()]);
  board = await makeLarge(house, house.person('OWNER'));
});
afterAll(async () => {
  await browsers.close();
  await house.close();
});

/** How often all of it is done: one run shows the machine more than the page. */
const RUNS = Number(process.env.RUNS ?? 3);
const FOREIGN = 100;
const names = Object.keys(stages);

it('a board of 1,000 cards is opened and dragged', async () => {
  const runs: Run[] = [];
  for (let n = 1; n <= RUNS; n++) {
    // A page of this server that has nothing of the application yet.
    const page = await browsers.enter(house, house.person('OWNER'), '/health', { viewport: { width: 1920, height: 1000 }, reducedMotion: 'no-preference' });
    page.setDefaultTimeout(patience);
    runs.push({ ...(await open(page, `traces/open-${n}.json`)), ...(await drag(page, `traces/drag-${n}.json`)) });
    await page.context().close();
  }
  process.stdout.write(report(runs));
});

async function open(page: Page, path: string): Promise<Pick<Run, 'open' | 'firstCard' | 'interactive' | 'traffic'>> {
  const traffic = await Traffic.of(page);
  await page.addInitScript(() => {
    performance.mark('open: begin');
    new MutationObserver((_, self) => {
      if (!document.querySelector('[data-card]')) return;
      performance.mark('first card');
      self.disconnect();
    }).observe(document, { childList: true, subtree: true });
  });
  const events = await record(page, path, async () => {
    await page.goto(`${house.url}/w/demo/pipelines/${board.id}`);
    await column(page, names.at(-1)!).locator('[data-card]').first().waitFor();
    await page.getByText('Live', { exact: true }).waitFor();
    await page.waitForLoadState('networkidle');
    await mark(page, 'open: end');
  });
  const firstCard = await page.evaluate(() => performance.getEntriesByName('first card')[0]!.startTime);
  return { open: figuresOf(events, 'open'), firstCard, interactive: firstCard + busyAfter(events, 'first card'), traffic: traffic.sum() };
}

async function drag(page: Page, path: string): Promise<Pick<Run, 'drag' | 'drop' | 'storm'>> {
  await loadAll(page);
  const hand = new Hand(page);
  const middles = await Promise.all(names.map((name) => middle(page, name)));
  const long = middles[0]!;
  const events = await record(page, path, async () => {
    const take = async () => {
      const box = (await column(page, LONG).locator('[data-index="1"] [data-card]').boundingBox())!;
      await hand.take({ x: box.x + 100, y: box.y + 30 });
    };
    await marked(page, 'drag', async () => {
      await take();
      for (const to of [...middles, ...middles.toReversed().slice(1)]) await hand.to(to, 350);
      await hand.to({ x: long.x, y: long.bottom - 40 }, 300);
      await hand.hold(2_500);
      await hand.to(long, 300);
    });
    await marked(page, 'drop', async () => {
      await hand.drop();
      await page.locator('[data-dragging]').waitFor({ state: 'detached' });
      await page.waitForLoadState('networkidle');
    });
    await column(page, LONG).locator('ul').locator('..').evaluate((element) => element.scrollTo(0, 0));
    await marked(page, 'storm', async () => {
      await take();
      let over = false;
      const moves = foreignMoves(house, house.person('ADMIN'), board, FOREIGN).finally(() => (over = true));
      while (!over) for (const to of [...middles, ...middles.toReversed()]) if (!over) await hand.to(to, 350);
      await moves;
    });
    await hand.drop();
  });
  return { drag: figuresOf(events, 'drag'), drop: figuresOf(events, 'drop'), storm: figuresOf(events, 'storm') };
}

const mark = (page: Page, name: string) => page.evaluate((name) => void performance.mark(name), name);

async function marked(page: Page, name: string, what: () => Promise<void>) {
  await mark(page, `${name}: begin`);
  await what();
  await mark(page, `${name}: end`);
}

async function middle(page: Page, stage: string) {
  const { x, y, width, height } = (await column(page, stage).boundingBox())!;
  return { x: x + width / 2, y: y + height / 2, bottom: y + height };
}
