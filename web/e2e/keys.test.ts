import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { amara, browsers, house, olivia, read } from './demo';
import { column, drawn, patience, titles } from './house';

const board = () => house.demo.pipelines[0]!;
const stage = (name: string) => board().stages.find((one) => one.name === name)!;
const move = (recordId: string, to: string) => house.ask(amara, 'mutation ($i: MoveRecordInput!) { moveRecord(input: $i) { revision } }', { i: { recordId, toStageId: stage(to).id } });
const focused = (page: Page) => page.evaluate(() => (document.activeElement as HTMLElement).dataset.title ?? document.activeElement!.tagName);
const isIn = (page: Page, id: string, name: string) => column(page, name).locator(`[data-card="${id}"]`).waitFor();

async function open(): Promise<Page> {
  const page = await browsers.enter(house, olivia, `/w/demo/pipelines/${board().id}`);
  page.setDefaultTimeout(patience);
  await drawn(page);
  return page;
}

/** at is the card in this place of a stage, with the focus on it. */
async function at(page: Page, name: string, place: number): Promise<string> {
  const title = column(page, name).locator(`[data-index="${place}"] [data-title]`);
  await title.focus();
  return (await title.getAttribute('data-title'))!;
}

it('a card in the hand of the keyboard keeps the focus when somebody moves it, and Escape ends it from anywhere', async () => {
  const page = await open();
  const id = await at(page, 'Lead', 1);
  await page.keyboard.press('Space');
  await page.keyboard.press('ArrowRight');
  await page.locator('[data-dragging]').waitFor();
  await move(id, 'Negotiation');
  await isIn(page, id, 'Negotiation');
  await expect.poll(() => focused(page)).toBe(id);
  await page.keyboard.press('ArrowRight');
  await page.getByText(/: Proposal, place/).waitFor({ state: 'attached' });
  await page.getByRole('searchbox').focus();
  await page.keyboard.press('Escape');
  await page.locator('[data-dragging]').waitFor({ state: 'detached' });
  await page.getByText('is back in its place.').waitFor({ state: 'attached' });
  await isIn(page, id, 'Negotiation');
});

it('a card that keys put down is not taken from where somebody else moved it meanwhile', async () => {
  const page = await open();
  const id = await at(page, 'Lead', 1);
  await page.keyboard.press('Space');
  await page.keyboard.press('ArrowRight');
  await move(id, 'Closed Won');
  await isIn(page, id, 'Closed Won');
  await page.keyboard.press('Space');
  await page.getByText(`${amara.name} moved it to Closed Won`).first().waitFor();
  await isIn(page, id, 'Closed Won');
  await expect.poll(() => focused(page)).toBe(id);
});

it('neither does a mouse', async () => {
  const page = await open();
  const card = column(page, 'Lead').locator('[data-index="1"] [data-card]');
  const id = (await card.getAttribute('data-card'))!;
  const [from, to] = [(await card.boundingBox())!, (await column(page, 'Qualified').boundingBox())!];
  await page.mouse.move(from.x + 60, from.y + 30);
  await page.mouse.down();
  await page.mouse.move(from.x + 100, from.y + 60, { steps: 4 });
  await page.mouse.move(to.x + 100, to.y + 250, { steps: 8 });
  await move(id, 'Closed Won');
  await isIn(page, id, 'Closed Won');
  await page.mouse.up();
  await page.getByText(`${amara.name} moved it to Closed Won`).first().waitFor();
  await expect.poll(() => read(id, 'stage { name }')).toEqual({ stage: { name: 'Closed Won' } });
});

it('nor does a card that would take others along', async () => {
  const page = await open();
  const cards = column(page, 'Lead').locator('[data-card]');
  for (const place of [1, 2]) await cards.nth(place).locator('[data-title]').click({ modifiers: ['ControlOrMeta'] });
  const id = await at(page, 'Lead', 1);
  await page.keyboard.press('Space');
  await page.keyboard.press('ArrowRight');
  await move(id, 'Closed Won');
  await isIn(page, id, 'Closed Won');
  await page.keyboard.press('Space');
  await page.getByText(`${amara.name} moved it to Closed Won`).first().waitFor();
  await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
});

it('a card that leaves the board is let go, and the next one has the focus', async () => {
  const page = await open();
  const next = await at(page, 'Lead', 2);
  const id = await at(page, 'Lead', 1);
  await page.keyboard.press('Space');
  await page.keyboard.press('ArrowRight');
  await house.ask(amara, 'mutation ($i: DeleteRecordInput!) { deleteRecord(input: $i) { revision } }', { i: { id } });
  await page.getByText('it was let go').waitFor({ state: 'attached' });
  await expect.poll(() => page.locator('[data-dragging]').count()).toBe(0);
  await expect.poll(() => focused(page)).toBe(next);
});

it('a card with the focus keeps it wherever others move it; what somebody types in keeps it too', async () => {
  const page = await open();
  const id = await at(page, 'Lead', 1);
  await move(id, 'Closed Won');
  await isIn(page, id, 'Closed Won');
  await expect.poll(() => focused(page)).toBe(id);
  await page.getByRole('searchbox').focus();
  await move(id, 'Lead');
  await isIn(page, id, 'Lead');
  await expect.poll(() => focused(page)).toBe('INPUT');
});

it('a move that is given up takes no focus later; one that is answered leaves it on the card', async () => {
  await house.ask(olivia, 'mutation ($i: UpdatePipelineInput!) { updatePipeline(input: $i) { revision } }', { i: { id: board().id, requireLostReason: true } });
  const page = await open();
  const dialog = page.getByRole('dialog', { name: 'Why was it lost?' });
  const toLost = async () => {
    const id = await at(page, 'Negotiation', 0);
    await page.keyboard.press('Space');
    for (const name of ['Closed Won', 'Closed Lost']) {
      await page.keyboard.press('ArrowRight');
      await page.getByText(`: ${name}, place`).waitFor({ state: 'attached' });
    }
    await page.keyboard.press('Space');
    await dialog.waitFor();
    return id;
  };
  const id = await toLost();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await page.getByRole('searchbox').focus();
  await move(id, 'Lead');
  await isIn(page, id, 'Lead');
  await expect.poll(() => focused(page)).toBe('INPUT');

  const other = await toLost();
  await page.keyboard.type('Comp');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await isIn(page, other, 'Closed Lost');
  await expect.poll(() => read(other, 'lostReason lostReasonKey')).toEqual({ lostReason: null, lostReasonKey: 'competitor' });
  await expect.poll(() => focused(page), { timeout: patience }).toBe(other);
});

it('Tab comes to one card of each column, the one that was visited last, and to its menu', async () => {
  const page = await open();
  const scroller = column(page, 'Closed Won').locator('ul').locator('..');
  await scroller.evaluate((element) => element.scrollTo(0, 3000));
  await at(page, 'Lead', 2);
  const id = await at(page, 'Lead', 3);
  const stops = await page.locator('[data-column]').evaluateAll((columns) => columns.map((one) => [...one.querySelectorAll<HTMLElement>('[data-title], [data-actions]')].filter(({ tabIndex }) => tabIndex === 0).length));
  expect(stops).toEqual(board().stages.map(() => 2));
  // However far the column is scrolled away from it, the keyboard goes on from there.
  await column(page, 'Lead').locator('ul').locator('..').evaluate((element) => element.scrollTo(0, 4000));
  await expect.poll(() => focused(page)).toBe(id);
  const below = await column(page, 'Lead').locator('[data-index="4"] [data-card]').getAttribute('data-card');
  await page.keyboard.press('ArrowDown');
  await expect.poll(() => focused(page)).toBe(below);
});

it('a key opens the menu of a card, and another goes to what can be done with the chosen ones', async () => {
  const page = await open();
  const [, second] = await titles(page, 'Lead');
  const id = await at(page, 'Lead', 1);
  for (const key of ['.', 'Shift+F10', '.']) {
    await page.keyboard.press(key);
    await page.getByRole('menuitem', { name: 'Move to' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('menu').waitFor({ state: 'detached' });
    await page.locator(`[data-title="${id}"]`).focus();
  }
  await page.keyboard.press('x');
  await page.getByText('1 card chosen. Press B').waitFor({ state: 'attached' });
  const bar = page.getByRole('toolbar', { name: 'What to do with the chosen cards' });
  await bar.waitFor();
  await page.keyboard.press('b');
  await expect.poll(() => bar.getByRole('button', { name: 'Move', exact: true }).evaluate((button) => button === document.activeElement)).toBe(true);
  await page.keyboard.press('Escape');
  await bar.waitFor({ state: 'detached' });
  await expect.poll(() => page.evaluate(() => document.activeElement!.textContent)).toBe(second);
  await page.keyboard.press('x');
  await bar.waitFor();
  let tabs = 0;
  for (; tabs < 60 && !(await page.evaluate(() => document.activeElement!.closest('[role=toolbar]'))); tabs++) await page.keyboard.press('Tab');
  expect(tabs).toBeLessThan(6 * board().stages.length);
});
