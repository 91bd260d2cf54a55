import { expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { browsers, house, olivia } from './demo';
import { column, drawn, patience, titles } from './house';

async function open(query = '', options = {}): Promise<Page> {
  const page = await browsers.enter(house, olivia, `/w/demo/pipelines/${house.demo.pipelines[0]!.id}${query}`, options);
  page.setDefaultTimeout(patience);
  await page.locator('[data-title]').first().waitFor();
  return page;
}

const ask = (mutation: string, input: object) => house.ask(olivia, mutation, { i: input });
const at = (time: Date) => `?at=${encodeURIComponent(time.toISOString())}`;

it('shows the board as it was, with what became of its stages and cards, and goes back to now', async () => {
  const live = await open();
  const cards = await column(live, 'Lead').locator('[data-card]').evaluateAll((all) => all.slice(0, 3).map((card) => (card as HTMLElement).dataset.card!));
  const before = (await titles(live, 'Lead')).slice(0, 4);
  const { board } = await house.ask<{ board: { revision: string } }>(olivia, 'query ($p: ID!) { board(pipelineId: $p) { revision } }', { p: house.demo.pipelines[0]!.id });
  const moment = new Date();
  await ask('mutation ($i: MoveRecordInput!) { moveRecord(input: $i) { revision } }', { recordId: cards[0], toStageId: house.demo.pipelines[0]!.stages[3]!.id });
  await ask('mutation ($i: UpdateRecordInput!) { updateRecord(input: $i) { revision } }', { id: cards[1], value: { amount: '77' } });
  await ask('mutation ($i: DeleteRecordInput!) { deleteRecord(input: $i) { revision } }', { id: cards[2] });
  const page = await open(at(moment));
  await page.getByText(/^As of/).waitFor();
  await expect.poll(async () => (await titles(page, 'Lead')).slice(0, 4)).toEqual(before);
  const note = (id: string) => page.locator(`[data-card="${id}"] > p`);
  await expect.poll(() => note(cards[0]!).innerText()).toBe(`Now in ${house.demo.pipelines[0]!.stages[3]!.name}`);
  await expect.poll(() => note(cards[1]!).innerText()).toBe('Changed since: value');
  await expect.poll(() => note(cards[2]!).innerText()).toBe('Not on the board any more');
  await expect.poll(() => column(page, 'Lead').locator('header').innerText()).toContain('2 left, 1 changed');
  await page.getByText('3 cards changed since').waitFor();
  expect(Number(board.revision)).toBeGreaterThan(0);
  // To look at only.
  await expect.poll(() => page.getByRole('button', { name: /^(New card|Actions for)/ }).count()).toBe(0);
  await expect.poll(() => page.getByRole('checkbox').count()).toBe(0);
  await page.getByRole('button', { name: 'Back to now' }).click();
  await page.getByRole('button', { name: 'New card' }).first().waitFor();
  await expect.poll(() => page.url()).not.toContain('at=');
  await expect.poll(() => titles(page, 'Lead')).not.toContain(before[2]);
  // What was shown of the past is not taken for the present.
  await page.locator(`[data-card="${cards[1]}"]`, { hasText: '77' }).waitFor();
});

it('the filters hold in the past too', async () => {
  const page = await open(at(new Date()));
  await page.getByText(/^As of/).waitFor();
  const first = (await titles(page, 'Lead'))[0]!;
  const search = page.getByRole('searchbox');
  await search.fill('zzzqqq');
  await expect.poll(() => page.locator('[data-card]').count()).toBe(0);
  await search.fill(first);
  await expect.poll(() => titles(page, 'Lead')).toEqual([first]);
});

it('keys slide through time, and the address holds it', async () => {
  const page = await open();
  const now = await column(page, 'Closed Won').getAttribute('aria-label');
  await page.getByRole('button', { name: 'Show the board as it was' }).click();
  await page.getByLabel('How far back').selectOption('quarter');
  const slider = page.getByRole('slider', { name: 'Time' });
  await slider.focus();
  const said = await slider.getAttribute('aria-valuetext');
  const url = page.url();
  await page.keyboard.press('ArrowLeft');
  await expect.poll(() => slider.getAttribute('aria-valuetext')).not.toBe(said);
  for (let i = 0; i < 6; i++) await page.keyboard.press('PageDown');
  await expect.poll(() => page.url(), { timeout: patience }).not.toBe(url);
  await expect.poll(() => column(page, 'Closed Won').getAttribute('aria-label'), { timeout: patience }).not.toBe(now);
  await page.keyboard.press('Home');
  await expect.poll(() => page.getByText('Loading').count()).toBe(0);
  await page.reload();
  await page.getByText(/^As of/).waitFor();
});

it('a time before the board says so', async () => {
  const page = await browsers.enter(house, olivia, `/w/demo/pipelines/${house.demo.pipelines[0]!.id}?at=2001-01-01T00:00:00Z`);
  await page.getByText(/was not there yet|does not reach back/).waitFor();
  await page.getByRole('button', { name: 'Back to now' }).last().click();
  await drawn(page);
});

it('says the time that is shown to the minute, and where the slider is only as long as it slides', async () => {
  const { viewer } = await house.ask<{ viewer: { workspace: { locale: string; timezone: string } } }>(olivia, '{ viewer { workspace { locale timezone } } }');
  const { locale, timezone: timeZone } = viewer.workspace;
  const moment = (time: Date) => new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short', timeZone }).format(time).replace(/\s/g, ' ');
  const asOf = () => page.getByRole('region', { name: 'The board as it was', exact: true }).locator('strong').innerText();
  const said = async () => [(await asOf()).replace(/\s/g, ' '), (await slider.getAttribute('aria-valuetext'))!.replace(/\s/g, ' ')];
  const shown = (time: Date) => expect.poll(said).toEqual([`As of ${moment(time)}`, moment(time)]);
  const time = new Date(Date.now() - 26.5 * 3_600_000);
  const page = await open(at(time));
  const slider = page.getByRole('slider', { name: 'Time' });
  await shown(time);
  await slider.focus();
  await page.keyboard.press('ArrowLeft');
  await expect.poll(() => new URL(page.url()).searchParams.get('at')).not.toBe(time.toISOString());
  await shown(new Date(new URL(page.url()).searchParams.get('at')!));
  const other = new Date(Date.now() - 40.5 * 3_600_000);
  await page.goto(page.url().replace(/\?.*/, at(other)));
  await shown(other);
});
