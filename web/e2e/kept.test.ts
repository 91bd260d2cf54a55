import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { amara, browsers, house, olivia, read } from './demo';
import { column, patience } from './house';

// What is typed while others take away what it is about.

const mutate = (name: string, input: object) => house.ask(olivia, `mutation ($i: ${name[0]!.toUpperCase() + name.slice(1)}Input!) { ${name}(input: $i) { revision } }`, { i: input });

interface Made {
  id: string;
  stages: { id: string; name: string }[];
}

async function make(name: string): Promise<Made> {
  const { createPipeline } = await house.ask<{ createPipeline: { pipeline: Made } }>(olivia, 'mutation ($i: CreatePipelineInput!) { createPipeline(input: $i) { pipeline { id stages { id name } } } }', { i: { name, stages: [{ name: 'One' }, { name: 'Two' }] } });
  return createPipeline.pipeline;
}

async function open(path: string, as = amara): Promise<Page> {
  const page = await browsers.enter(house, as, `/w/demo/pipelines/${path}`);
  page.setDefaultTimeout(patience);
  return page;
}

const count = async (pipelineId: string) => (await house.ask<{ records: { totalCount: number } }>(olivia, 'query ($f: RecordFilter) { records(filter: $f) { totalCount } }', { f: { pipelineId: { eq: pipelineId } } })).records.totalCount;

it('a new card whose stage goes asks for another, and sends the one that shows', async () => {
  const { id, stages } = await make('Stages');
  const page = await open(id);
  await column(page, 'Two').getByRole('button', { name: 'New card in Two' }).click();
  const dialog = page.getByRole('dialog', { name: 'New card' });
  await dialog.getByLabel('Title').fill('Stays');
  const stage = dialog.getByLabel('Stage');
  await expect.poll(() => stage.locator('option:checked').innerText()).toBe('Two');
  await mutate('updatePipeline', { id, stages: [{ id: stages[0]!.id, name: 'One' }, { name: 'Three' }] });
  await expect.poll(() => stage.locator('option').allInnerTexts()).toEqual(['Choose a stage', 'One', 'Three']);
  await expect.poll(() => stage.inputValue()).toBe('');
  await dialog.getByRole('button', { name: 'New card' }).click();
  await dialog.getByRole('alert').getByText('The stage is not there any more. Choose another one.').waitFor();
  expect(await count(id)).toBe(0);
  await stage.selectOption({ label: 'One' });
  await dialog.getByRole('button', { name: 'New card' }).click();
  await page.getByRole('dialog', { name: 'Stays' }).waitFor();
  expect(await count(id)).toBe(1);
});

it('a new card outlives its pipeline, and is made when that is back', async () => {
  const { id } = await make('Goes and comes');
  const page = await open(id);
  await column(page, 'One').waitFor();
  await page.keyboard.press('n');
  const dialog = page.getByRole('dialog', { name: 'New card' });
  await dialog.getByLabel('Title').fill('Outlives it');
  await mutate('deletePipeline', { id });
  await page.getByText('This board was deleted').waitFor();
  await dialog.getByRole('alert').getByText('The pipeline was deleted.').waitFor();
  const answered = page.waitForResponse((response) => response.request().postData()?.includes('"CreateRecord"') ?? false);
  await dialog.getByRole('button', { name: 'New card' }).click();
  await answered;
  await dialog.getByRole('alert').getByText('The pipeline was deleted.').waitFor();
  await expect.poll(() => dialog.getByLabel('Title').inputValue()).toBe('Outlives it');
  await mutate('restorePipeline', { id });
  await dialog.getByRole('button', { name: 'New card' }).click();
  await dialog.waitFor({ state: 'detached' });
  expect(await count(id)).toBe(1);
});

it('what is typed about a card that is deleted stays, and is saved when the card is back', async () => {
  const pipelineId = house.demo.pipelines[0]!.id;
  const { createRecord } = await house.ask<{ createRecord: { record: { id: string } } }>(olivia, 'mutation ($i: CreateRecordInput!) { createRecord(input: $i) { record { id } } }', { i: { pipelineId, title: 'Comes back' } });
  const { id } = createRecord.record;
  const page = await open(`${pipelineId}?record=${id}`);
  const panel = page.getByRole('dialog', { name: 'Comes back' });
  await panel.getByRole('button', { name: 'Edit', exact: true }).click();
  const text = panel.getByLabel('Description');
  await text.fill('Half a thought');
  await mutate('deleteRecord', { id });
  await panel.getByRole('alert').getByText(/^The card was deleted/).waitFor();
  const save = panel.getByRole('button', { name: 'Save', exact: true });
  expect([await text.inputValue(), await save.isDisabled()]).toEqual(['Half a thought', true]);
  await mutate('restoreRecord', { id });
  await expect.poll(() => save.isDisabled(), { timeout: patience }).toBe(false);
  expect(await text.inputValue()).toBe('Half a thought');
  await expect.poll(async () => {
    if (await save.count()) await save.click();
    return read(id, 'description');
  }, { timeout: patience }).toEqual({ description: 'Half a thought' });
});

it('what is typed about a card that one may not see any more stays, and one can go on once one may', async () => {
  const ben = house.person('AGENT');
  const permit = (allowed: boolean) => mutate('setMemberPermissions', { id: ben.id, overrides: [{ permission: 'CAN_SEE_ALL_RECORDS', allowed }] });
  const pipelineId = house.demo.pipelines[0]!.id;
  const { createRecord } = await house.ask<{ createRecord: { record: { id: string } } }>(olivia, 'mutation ($i: CreateRecordInput!) { createRecord(input: $i) { record { id } } }', { i: { pipelineId, title: 'Out of sight', ownerId: olivia.id } });
  const page = await open(`${pipelineId}?record=${createRecord.record.id}`, ben);
  const panel = page.getByRole('dialog', { name: 'Out of sight' });
  await panel.getByRole('button', { name: 'Edit', exact: true }).click();
  await panel.getByLabel('Description').fill('Half a thought');
  await permit(false);
  await panel.getByRole('alert').getByText('or you may not see it any more').waitFor();
  await permit(true);
  const save = panel.getByRole('button', { name: 'Save', exact: true });
  await expect.poll(() => save.isDisabled(), { timeout: patience }).toBe(false);
  await expect.poll(() => panel.getByLabel('Description').inputValue()).toBe('Half a thought');
});

it('a pipeline that is edited stays while one may not, and a save says so', async () => {
  const { id } = await make('Right and wrong');
  const permit = (allowed: boolean) => mutate('setMemberPermissions', { id: amara.id, overrides: [{ permission: 'CAN_MANAGE_PIPELINES', allowed }] });
  const page = await open(`${id}/edit`);
  const name = page.getByLabel('Name', { exact: true });
  await name.fill('Typed while one might');
  await permit(false);
  await page.getByRole('link', { name: 'Manage pipelines' }).waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('alert').getByText('You may not do this.').waitFor();
  expect(await name.inputValue()).toBe('Typed while one might');
  await permit(true);
  await page.getByRole('link', { name: 'Manage pipelines' }).waitFor();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('was saved').first().waitFor();
  // Where nothing was typed nothing is kept.
  await permit(false);
  await page.getByRole('heading', { name: 'You may not do this.' }).waitFor();
  await permit(true);
});

it('a tag that is too long is told by itself, and a year that is half typed is not sent', async () => {
  const page = await open(house.demo.pipelines[0]!.id);
  await column(page, 'Lead').locator('[data-title]').first().waitFor();
  await page.keyboard.press('n');
  const dialog = page.getByRole('dialog', { name: 'New card' });
  await dialog.getByLabel('Title').fill('Wrong in places');
  await dialog.getByLabel('Tags').fill(`fine, ${'x'.repeat(60)}`);
  await dialog.getByLabel('Expected close').fill('0001-01-01');
  await dialog.getByRole('button', { name: 'New card' }).click();
  await dialog.getByRole('alert').getByText(`“${'x'.repeat(60)}” is too long: a tag has at most 50 characters.`).waitFor();
  await dialog.getByRole('alert').getByText('Write the year of a day in four digits, like 2026.').waitFor();
});
