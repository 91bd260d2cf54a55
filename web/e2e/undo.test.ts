import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { accessible } from './axe';
import { browsers, house, olivia } from './demo';
import { column, lose, patience, titles } from './house';

interface Made {
  createPipeline: { pipeline: { id: string } };
}

/** board opens a board of its own with cards of these titles in its one column, the last one on top. */
async function board(name: string, cards: readonly string[], options = {}) {
  const { createPipeline } = await house.ask<Made>(olivia, 'mutation ($i: CreatePipelineInput!) { createPipeline(input: $i) { pipeline { id } } }', { i: { name, stages: [{ name: 'Here' }] } });
  const { id } = createPipeline.pipeline;
  for (const title of cards) await make(id, title);
  const page = await browsers.enter(house, olivia, `/w/demo/pipelines/${id}`, options);
  page.setDefaultTimeout(patience);
  await expect.poll(() => titles(page, 'Here')).toEqual([...cards].reverse());
  return { page, id };
}

const make = (pipelineId: string, title: string) =>
  house.ask(olivia, 'mutation ($i: CreateRecordInput!) { createRecord(input: $i) { revision } }', { i: { pipelineId, title, externalId: `${pipelineId} ${title}` } });

async function remove(page: Page, title: string) {
  await column(page, 'Here').getByRole('button', { name: `Actions for ${title}` }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await page.getByRole('dialog', { name: /^Delete/ }).getByRole('button', { name: 'Delete' }).click();
  await expect.poll(() => titles(page, 'Here')).not.toContain(title);
}

const undo = (page: Page) => page.getByRole('button', { name: 'Undo' });

it('a deleted card is brought back by its toast, and glides to its column', async () => {
  const { page } = await board('Undo one', ['Anchor', 'Buoy'], { reducedMotion: 'no-preference' });
  await column(page, 'Here').locator('[data-title]').filter({ hasText: 'Buoy' }).click();
  await page.getByRole('dialog', { name: 'Buoy' }).getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('dialog', { name: /^Delete/ }).getByRole('button', { name: 'Delete' }).click();
  await expect.poll(() => titles(page, 'Here')).toEqual(['Anchor']);
  await page.evaluate(() => {
    const flown: string[] = [];
    Object.assign(window, { flown });
    new MutationObserver((changes) => {
      for (const { addedNodes } of changes) for (const node of addedNodes) if (node instanceof HTMLElement && node.inert) flown.push(node.innerText);
    }).observe(document.body, { childList: true });
  });
  await accessible(page, 'a toast with a button');
  await undo(page).click();
  await expect.poll(() => titles(page, 'Here')).toEqual(['Buoy', 'Anchor']);
  await page.getByText('“Buoy” is back').first().waitFor();
  await expect.poll(() => page.evaluate(() => (window as unknown as { flown: string[] }).flown.join())).toContain('Buoy');
});

it('many deleted cards are brought back together', async () => {
  const { page } = await board('Undo many', ['Anchor', 'Buoy', 'Crane']);
  await column(page, 'Here').locator('[data-title]').first().focus();
  await page.keyboard.press('Control+a');
  await page.getByRole('toolbar').getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click();
  await expect.poll(() => titles(page, 'Here')).toEqual([]);
  await undo(page).click();
  await page.getByText('3 cards are back').first().waitFor();
  await expect.poll(() => titles(page, 'Here')).toEqual(['Crane', 'Buoy', 'Anchor']);
});

it('what cannot come back is told with its reason; an answer that was lost is asked for again', async () => {
  const { page, id } = await board('Undo in vain', ['Anchor', 'Buoy']);
  await remove(page, 'Anchor');
  await make(id, 'Anchor');
  await undo(page).click();
  await page.getByText('“Anchor” was not restored').first().waitFor();
  await page.getByText(/another record has its external id/).first().waitFor();
  await remove(page, 'Buoy');
  await lose(page, 'RestoreRecords');
  await undo(page).last().click();
  await page.getByText('“Buoy” was not restored').first().waitFor();
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByText('“Buoy” is back').first().waitFor();
  await expect.poll(() => titles(page, 'Here')).toContain('Buoy');
});
