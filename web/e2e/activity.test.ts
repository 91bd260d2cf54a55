import { expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { amara, browsers, house, olivia } from './demo';
import { column, drawn, patience, titles } from './house';

async function open(options = {}): Promise<Page> {
  const page = await browsers.enter(house, olivia, `/w/demo/pipelines/${house.demo.pipelines[0]!.id}`, options);
  page.setDefaultTimeout(patience);
  await drawn(page);
  return page;
}

const panel = (page: Page) => page.getByRole('dialog', { name: 'Activity' });
const entries = (page: Page) => panel(page).getByRole('listitem');

it('tells in words what others do as they do it, and opens the card', async () => {
  const page = await open();
  const [title] = await titles(page, 'Lead');
  const id = (await column(page, 'Lead').locator('[data-card]').first().getAttribute('data-card'))!;
  await page.keyboard.press('a');
  await entries(page).first().waitFor();
  const [here, there] = [house.demo.pipelines[0]!, house.demo.pipelines[1]!];
  await house.ask(amara, 'mutation ($i: CreateRecordInput!) { createRecord(input: $i) { revision } }', { i: { pipelineId: there.id, title: 'Elsewhere' } });
  await house.ask(amara, 'mutation ($i: MoveRecordInput!) { moveRecord(input: $i) { revision } }', { i: { recordId: id, toStageId: here.stages[2]!.id } });
  const news = entries(page).filter({ hasText: `moved “${title}” to ${here.stages[2]!.name}` }).first();
  await news.waitFor();
  await expect.poll(() => news.innerText()).toContain(amara.name);
  await expect.poll(() => entries(page).filter({ hasText: 'Elsewhere' }).count()).toBe(0);
  await panel(page).getByRole('checkbox', { name: 'This pipeline only' }).uncheck();
  await entries(page).filter({ hasText: 'created “Elsewhere”' }).waitFor();
  await news.getByRole('button').click();
  await page.getByRole('dialog', { name: title! }).waitFor();
});

it('what was earlier can be asked for again when it could not be read', async () => {
  const page = await open();
  await page.keyboard.press('a');
  const earlier = panel(page).getByRole('button', { name: 'Show what was earlier' });
  await earlier.waitFor();
  await page.route('**/graphql', (route) => (route.request().postData()?.includes('"Activity"') ? route.abort() : route.fallback()));
  await earlier.click();
  await page.getByText('What was earlier could not be read').first().waitFor();
  await page.unroute('**/graphql');
  const before = await entries(page).count();
  await earlier.click();
  await expect.poll(() => entries(page).count()).toBeGreaterThan(before);
});

it('goes on where it was after the connection was lost, and further back when asked', async () => {
  const page = await open();
  await page.keyboard.press('a');
  await entries(page).first().waitFor();
  await house.kill();
  await page.getByText('Offline', { exact: true }).waitFor();
  await house.start();
  await house.ask(amara, 'mutation ($i: CreateRecordInput!) { createRecord(input: $i) { revision } }', { i: { pipelineId: house.demo.pipelines[0]!.id, title: 'Missed' } });
  await entries(page).filter({ hasText: 'created “Missed”' }).waitFor();
  const before = await entries(page).count();
  await panel(page).getByRole('button', { name: 'Show what was earlier' }).click();
  await expect.poll(() => entries(page).count(), { timeout: patience }).toBeGreaterThan(before);
});
