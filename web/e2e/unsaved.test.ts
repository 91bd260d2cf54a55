import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { accessible } from './axe';
import { amara, browsers, house, olivia } from './demo';
import { column, drawn, patience, stays } from './house';

const pipeline = () => house.demo.pipelines[0]!;

async function board(): Promise<Page> {
  const page = await browsers.enter(house, olivia, `/w/demo/pipelines/${pipeline().id}`);
  page.setDefaultTimeout(patience);
  await drawn(page);
  return page;
}

const cards = (page: Page) => column(page, 'Lead').locator('[data-title]');
const question = (page: Page) => page.getByRole('dialog', { name: 'Discard changes?' });
const keep = async (page: Page) => (await question(page).getByRole('button', { name: 'Keep editing' }).click(), question(page).waitFor({ state: 'detached' }));
const discard = (page: Page) => question(page).getByRole('button', { name: 'Discard' }).click();

async function editing(page: Page) {
  await cards(page).nth(1).click();
  const panel = page.getByRole('dialog', { name: (await cards(page).nth(1).innerText()).trim() });
  await panel.getByRole('button', { name: 'Edit', exact: true }).click();
  return panel.getByLabel('Description');
}

it('a card that is edited is not left without a question: by Escape, by another card, by the way back', async () => {
  const page = await board();
  const text = await editing(page);
  await text.fill('half a thought');
  await text.press('Escape');
  await question(page).waitFor();
  await accessible(page, 'what was typed would be lost');
  await keep(page);
  await expect.poll(() => text.evaluate((field) => document.activeElement === field)).toBe(true);
  await cards(page).nth(2).click();
  await keep(page);
  await expect.poll(() => text.inputValue()).toBe('half a thought');
  const here = page.url();
  await page.goBack();
  await question(page).waitFor();
  await expect.poll(() => page.url()).toBe(here);
  await keep(page);
  await expect.poll(() => text.inputValue()).toBe('half a thought');
  await page.goBack();
  await discard(page);
  await text.waitFor({ state: 'detached' });
  await expect.poll(() => page.url()).not.toContain('record=');
  // Where nothing was typed nothing is asked.
  await (await editing(page)).press('Escape');
  await text.waitFor({ state: 'detached' });
  await expect.poll(() => question(page).count()).toBe(0);
});

it('another card is opened once what was typed may go; filters keep it', async () => {
  const page = await board();
  const text = await editing(page);
  await text.fill('half a thought');
  const lead = () => column(page, 'Lead').getAttribute('aria-label');
  const all = await lead();
  await page.getByLabel('Owner', { exact: true }).first().selectOption({ index: 1 });
  await expect.poll(() => page.url()).toContain('owner=');
  await expect.poll(lead).not.toBe(all);
  await expect.poll(() => text.inputValue()).toBe('half a thought');
  await page.getByLabel('Owner', { exact: true }).first().selectOption({ index: 0 });
  await expect.poll(() => page.url()).not.toContain('owner=');
  await expect.poll(lead).toBe(all);
  const next = await cards(page).nth(2).innerText();
  await cards(page).nth(2).click();
  await discard(page);
  await page.getByRole('dialog', { name: next }).getByRole('heading', { name: 'History' }).waitFor();
});

it('a new card is not lost by a click beside it, and the browser asks before it leaves', async () => {
  const page = await board();
  await page.keyboard.press('n');
  const dialog = page.getByRole('dialog', { name: 'New card' });
  await dialog.getByLabel('Title').fill('half a card');
  await page.mouse.click(20, 450);
  await keep(page);
  await expect.poll(() => dialog.getByLabel('Title').inputValue()).toBe('half a card');
  await stays(page);
  await expect.poll(() => dialog.getByLabel('Title').inputValue()).toBe('half a card');
  await page.keyboard.press('Escape');
  await discard(page);
  await dialog.waitFor({ state: 'detached' });
  await page.keyboard.press('n');
  await dialog.waitFor();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
});

it('what was typed into a part of a card is not lost without a question, and another part leaves it alone', async () => {
  const page = await board();
  await cards(page).nth(1).click();
  const name = (await cards(page).nth(1).innerText()).trim();
  const panel = page.getByRole('dialog', { name });
  const offer = (part: string) => panel.getByRole('group', { name: 'Add' }).getByRole('button', { name: part });
  await offer('Line items').click();
  // Where nothing was typed nothing is asked.
  await panel.getByLabel('Item, line 1').press('Escape');
  await panel.waitFor({ state: 'detached' });
  await cards(page).nth(1).click();
  await offer('Line items').click();
  const item = panel.getByLabel('Item, line 1');
  await item.fill('Rope');
  await offer('Participants').click();
  const role = panel.getByLabel('Role');
  await role.fill('Buyer');
  await expect.poll(() => item.inputValue()).toBe('Rope');
  await role.press('Escape');
  await question(page).waitFor();
  await accessible(page, 'what was typed into a part would be lost');
  await keep(page);
  await expect.poll(async () => [await item.inputValue(), await role.inputValue()]).toEqual(['Rope', 'Buyer']);
  await cards(page).nth(2).click();
  await keep(page);
  await panel.getByRole('button', { name: 'Edit', exact: true }).click();
  await keep(page);
  await panel.getByRole('button', { name: 'Delete', exact: true }).click();
  await keep(page);
  // What was put away by its own button is asked about no more.
  await panel.getByRole('region', { name: 'Participants' }).getByRole('button', { name: 'Cancel' }).click();
  await panel.getByRole('region', { name: 'Line items' }).getByRole('button', { name: 'Cancel' }).click();
  await offer('Linked cards').click();
  const label = panel.getByLabel('Label');
  await label.fill('trade-in');
  await panel.getByRole('button', { name: 'Edit', exact: true }).click();
  await discard(page);
  const title = page.getByRole('dialog').getByLabel('Title');
  await title.press('Escape');
  await title.waitFor({ state: 'detached' });
  await expect.poll(() => question(page).count()).toBe(0);
});

it('a pipeline that is edited is not left without a question, and a save that crosses another takes over the rest', async () => {
  const page = await browsers.enter(house, olivia, `/w/demo/pipelines/${pipeline().id}/edit`);
  page.setDefaultTimeout(patience);
  const name = page.getByRole('textbox', { name: 'Name of the stage' }).first();
  await name.fill('Leads of mine');
  await page.getByRole('link', { name: 'To the board' }).click();
  await keep(page);
  await page.getByRole('navigation', { name: 'Pipelines' }).getByRole('link').nth(1).click();
  await keep(page);
  await expect.poll(() => name.inputValue()).toBe('Leads of mine');
  await house.ask(amara, 'mutation ($i: UpdatePipelineInput!) { updatePipeline(input: $i) { revision } }', { i: { id: pipeline().id, description: 'Hers' } });
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('alert').getByText(/Somebody else changed this meanwhile/).waitFor();
  await expect.poll(() => page.getByLabel('Description').inputValue()).toBe('Hers');
  await expect.poll(() => name.inputValue()).toBe('Leads of mine');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('was saved').first().waitFor();
  await page.getByRole('link', { name: 'To the board' }).click();
  await drawn(page);
});
