import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Hand } from './hand';
import { Browsers, House, column, complaints, patience } from './house';
import { LONG, countOf, foreignMoves, loadAll, makeLarge, scrollerOf, stages, type Large } from './large';
import { Traffic } from './tracing';

let house: House;
let browsers: Browsers;
let board: Large;
beforeAll(async () => {
  [house, browsers] = await Promise.all([House.open(), Browsers.open()]);
  board = await makeLarge(house, house.person('OWNER'));
});
afterAll(async () => {
  await browsers.close();
  await house.close();
  expect(complaints).toEqual([]);
});

const names = Object.keys(stages);

/** What a page counts about itself. */
interface Counts {
  /** Commits of React. */
  commits: number;
  /** The most cards that were in the document at once. */
  most: number;
  /** Changes of the document by the columns they were in. */
  changes: Record<string, number>;
}

async function open(): Promise<Page> {
  const page = await browsers.enter(house, house.person('OWNER'), '/health', { viewport: { width: 1920, height: 1000 } });
  page.setDefaultTimeout(patience);
  await page.addInitScript(() => {
    const counts: Counts = { commits: 0, most: 0, changes: {} };
    const nothing = () => undefined;
    Object.assign(window, { counts, __REACT_DEVTOOLS_GLOBAL_HOOK__: { supportsFiber: true, inject: () => 1, checkDCE: nothing, onCommitFiberUnmount: nothing, onPostCommitFiberRoot: nothing, onCommitFiberRoot: () => counts.commits++ } });
    new MutationObserver((records) => {
      counts.most = Math.max(counts.most, document.querySelectorAll('[data-card]').length);
      for (const { target } of records) {
        const stage = (target instanceof Element ? target : target.parentElement)?.closest('[data-column]')?.getAttribute('aria-label')?.split(',')[0];
        if (stage) counts.changes[stage] = (counts.changes[stage] ?? 0) + 1;
      }
    }).observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  });
  await page.goto(`${house.url}/w/demo/pipelines/${board.id}`);
  await column(page, names.at(-1)!).locator('[data-card]').first().waitFor();
  return page;
}

/** counted tells what happened meanwhile, until the page has shown it. */
async function counted(page: Page, what: () => Promise<unknown>): Promise<Counts> {
  const settle = () => page.evaluate(() => new Promise<void>((resolve) => requestAnimationFrame(() => setTimeout(() => requestAnimationFrame(() => setTimeout(resolve))))));
  await settle();
  await page.evaluate(() => Object.assign((window as unknown as { counts: Counts }).counts, { commits: 0, most: 0, changes: {} }));
  await what();
  await settle();
  return page.evaluate(() => (window as unknown as { counts: Counts }).counts);
}

async function middle(page: Page, stage: string) {
  const { x, y, width, height } = (await column(page, stage).boundingBox())!;
  return { x: x + width / 2, y: y + height / 2, bottom: y + height };
}

async function take(page: Page): Promise<Hand> {
  const hand = new Hand(page);
  const { x, y } = (await column(page, LONG).locator('[data-index="1"] [data-card]').boundingBox())!;
  await hand.take({ x: x + 100, y: y + 30 });
  return hand;
}

const places = (page: Page, stage: string) => column(page, stage).locator('[data-index]:has([data-card])').evaluateAll((places) =>
  (places as HTMLElement[]).toSorted((a, b) => Number(a.dataset.index) - Number(b.dataset.index)).map((place) => place.querySelector<HTMLElement>('[data-card]')!.dataset.card!));

it('opening the board asks each thing once, and keeps only what is new', async () => {
  for (const more of [['SavePreferences'], []]) {
    const page = await browsers.enter(house, house.person('ADMIN'), '/health');
    const traffic = await Traffic.of(page);
    await page.goto(`${house.url}/w/demo/pipelines/${board.id}`);
    await column(page, names.at(-1)!).locator('[data-card]').first().waitFor();
    await expect.poll(() => traffic.sum().queries.toSorted(), { timeout: patience }).toEqual(['People', 'Pipelines', ...more, 'Start'].toSorted());
    await expect.poll(() => traffic.sum().subscriptions.toSorted(), { timeout: patience }).toEqual(['WatchBoard', 'WatchMembers', 'WatchPipelines']);
  }
});

it('a drag over 1,000 cards touches only the columns it is over, and never shows more cards than fit', async () => {
  const page = await open();
  await loadAll(page);
  const sum = (await Promise.all(names.map((name) => countOf(page, name)))).reduce((a, b) => a + b);
  expect(sum).toBe(1000);
  const { height } = (await scrollerOf(page, LONG).boundingBox())!;
  // Cards are 5 rem high at the least; eight more lie ready above and below, and the one in the hand.
  const fit = names.length * (Math.ceil(height / 80) + 10);
  const [from, over, next] = names as [string, string, string];
  const hand = await take(page);
  await hand.to(await middle(page, over), 100);
  const across = await counted(page, async () => hand.to(await middle(page, next), 300));
  expect(Object.keys(across.changes).toSorted()).toEqual([next, over].toSorted());
  const { x, y } = await middle(page, next);
  const within = await counted(page, async () => {
    for (let i = 1; i <= 20; i++) await page.mouse.move(x + i, y - 12 * i);
  });
  expect(Object.keys(within.changes)).toEqual([next]);
  // A move places the card in the hand; when it is over another slot the column makes room, and measures it.
  expect(within.commits).toBeLessThanOrEqual(20 * 4);
  const scrolled = await counted(page, async () => {
    const { x, bottom } = await middle(page, from);
    await hand.to({ x, y: bottom - 40 }, 100);
    await expect.poll(() => scrollerOf(page, from).evaluate(({ scrollTop }) => scrollTop), { timeout: patience }).toBeGreaterThan(2 * height);
    await hand.to(await middle(page, from), 100);
  });
  expect(Math.max(across.most, within.most, scrolled.most)).toBeLessThanOrEqual(fit);
  await page.keyboard.press('Escape');
  await page.locator('[data-dragging]').waitFor({ state: 'detached' });
});

it('100 moves of others during a drag are all shown, in their order', async () => {
  const page = await open();
  const hand = await take(page);
  const middles = await Promise.all(names.map((name) => middle(page, name)));
  let over = false;
  const moves = foreignMoves(house, house.person('ADMIN'), board, 100).finally(() => (over = true));
  while (!over) for (const to of middles) await hand.to(to, 100);
  await moves;
  await page.keyboard.press('Escape');
  const { board: now } = await house.ask<{ board: { columns: { stage: { name: string }; totals: { count: number }; cards: { nodes: { id: string }[] } }[] } }>(
    house.person('OWNER'), 'query ($id: ID!) { board(pipelineId: $id) { columns { stage { name } totals { count } cards(first: 8) { nodes { id } } } } }', { id: board.id });
  for (const { stage: { name }, totals, cards } of now.columns) {
    await expect.poll(async () => (await places(page, name)).slice(0, 8), { timeout: patience }).toEqual(cards.nodes.map(({ id }) => id));
    await expect.poll(() => countOf(page, name)).toBe(totals.count);
  }
});
