import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { browsers, house, olivia } from './demo';
import { lose, patience } from './house';

async function open(path: string, options = {}): Promise<Page> {
  const page = await browsers.enter(house, olivia, `/w/demo/${path}`, options);
  page.setDefaultTimeout(patience);
  return page;
}

interface Shape {
  id: string;
  name: string;
  isDefault: boolean;
  stages: { id: string; name: string; kind: string; color: string; defaultProbability: number; requiredFields: string[] }[];
}
const pipelines = async () => (await house.ask<{ pipelines: Shape[] }>(olivia, '{ pipelines { id name isDefault stages { id name kind color defaultProbability requiredFields } } }')).pipelines;
const named = async (name: string) => (await pipelines()).find((pipeline) => pipeline.name === name)!;
const count = async (id: string) => (await house.ask<{ records: { totalCount: number } }>(olivia, 'query ($f: RecordFilter) { records(filter: $f) { totalCount } }', { f: { pipelineId: { eq: id } } })).records.totalCount;
const add = (pipelineId: string, title: string) => house.ask(olivia, 'mutation ($i: CreateRecordInput!) { createRecord(input: $i) { revision } }', { i: { pipelineId, title } });
const act = async (page: Page, name: string, item: string) => {
  await page.getByRole('button', { name: `Actions for ${name}`, exact: true }).click();
  await page.getByRole('menuitem', { name: item }).click();
};

it('a template is looked at and becomes a pipeline, also when the answer is lost at first', async () => {
  const page = await open('pipelines/new');
  await page.getByRole('button', { name: 'Recruitment', exact: true }).click();
  const template = page.getByRole('listitem').filter({ has: page.getByRole('heading', { level: 2 }) });
  await expect.poll(() => template.count()).toBeGreaterThan(0);
  await expect.poll(() => template.first().getByRole('listitem').count()).toBeGreaterThan(2);
  await template.first().getByRole('button', { name: /^Use/ }).click();
  await page.getByLabel('Name').fill('Hiring 2031');
  await lose(page, 'CreateFromTemplate');
  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByRole('alert').waitFor();
  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByRole('heading', { level: 1, name: 'Hiring 2031' }).waitFor();
  await page.getByRole('navigation', { name: 'Pipelines' }).getByRole('link', { name: 'Hiring 2031' }).waitFor();
  await expect.poll(async () => (await named('Hiring 2031')).stages.length).toBeGreaterThan(2);
});

it('an empty pipeline is made and edited: names, colours, kinds, probabilities, needs, order by keys', async () => {
  const page = await open('pipelines/new');
  await page.getByRole('button', { name: 'Empty pipeline' }).click();
  await page.getByLabel('Name').fill('sales pipeline');
  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByRole('alert').waitFor(); // the name is taken
  await page.getByLabel('Name').fill('Errands');
  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByRole('heading', { level: 1, name: 'Edit Errands' }).waitFor();
  await page.getByRole('button', { name: 'Add a stage' }).click();
  await page.getByRole('textbox', { name: 'Name of the stage' }).last().fill('Given up');
  await page.getByLabel('Kind of Given up').selectOption({ label: 'Lost' });
  await page.getByLabel('Colour of To do').fill('#ff0000');
  await page.getByLabel(/^Probability of To do/).fill('15');
  await page.getByRole('button', { name: 'Needs nothing: fields of To do' }).click();
  await page.getByRole('menuitemcheckbox', { name: 'Value', exact: true }).click();
  await page.getByRole('button', { name: 'Move To do' }).focus();
  await page.keyboard.press('Space');
  await page.getByText('To do: place 1 of 4.').waitFor({ state: 'attached' });
  await page.keyboard.press('ArrowDown');
  await page.getByText('To do: place 2 of 4.').waitFor({ state: 'attached' });
  await page.keyboard.press('Space');
  await expect.poll(() => page.getByRole('textbox', { name: 'Name of the stage' }).first().inputValue()).toBe('In progress');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('“Errands” was saved').first().waitFor();
  const { stages } = await named('Errands');
  expect(stages.map(({ name, kind }) => `${name} ${kind}`)).toEqual(['In progress OPEN', 'To do OPEN', 'Done WON', 'Given up LOST']);
  expect(stages[1]).toMatchObject({ color: '#FF0000', defaultProbability: 15, requiredFields: ['VALUE'] });
});

it('a stage that goes asks where its cards go, and one of another kind says what they become', async () => {
  const { id, stages } = await named('Errands');
  const [progress, todo, done] = stages;
  const bread = await house.ask<{ createRecord: { record: { id: string } } }>(olivia, 'mutation ($i: CreateRecordInput!) { createRecord(input: $i) { record { id } } }', { i: { pipelineId: id, stageId: progress!.id, title: 'Bread' } });
  await house.ask(olivia, 'mutation ($i: CreateRecordInput!) { createRecord(input: $i) { revision } }', { i: { pipelineId: id, stageId: done!.id, title: 'Milk', value: { amount: '2' } } });
  const page = await open(`pipelines/${id}/edit`);
  await page.getByRole('button', { name: 'Delete the stage In progress' }).click();
  await page.getByLabel('Kind of Done').selectOption({ label: 'Open' });
  await page.getByRole('button', { name: 'Save' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByText('1 card in Done: the state becomes “Open”.').waitFor();
  await dialog.getByLabel('In progress goes; its 1 card goes to').selectOption({ label: 'To do' });
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('alert').getByText('value', { exact: false }).waitFor(); // which To do needs
  await house.ask(olivia, 'mutation ($i: UpdateRecordInput!) { updateRecord(input: $i) { revision } }', { i: { id: bread.createRecord.record.id, value: { amount: '3' } } });
  await page.getByRole('button', { name: 'Save' }).click();
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByText('“Errands” was saved').first().waitFor();
  const { records } = await house.ask<{ records: { nodes: { title: string; stageId: string; status: string }[] } }>(olivia, 'query ($f: RecordFilter) { records(filter: $f, orderBy: [{field: TITLE}]) { nodes { title stageId status } } }', { f: { pipelineId: { eq: id } } });
  expect(records.nodes).toEqual([{ title: 'Bread', stageId: todo!.id, status: 'OPEN' }, { title: 'Milk', stageId: done!.id, status: 'OPEN' }]);
});

it('a stage that goes asks for what its cards need: another stage though they came late, and why they are lost', async () => {
  await house.ask(olivia, 'mutation ($i: CreatePipelineInput!) { createPipeline(input: $i) { revision } }', {
    i: { name: 'Reasons', requireLostReason: true, stages: [{ name: 'One' }, { name: 'Two' }, { name: 'Lost', kind: 'LOST' }] },
  });
  const { id, stages } = await named('Reasons');
  const page = await open(`pipelines/${id}/edit`);
  const [save, dialog] = [page.getByRole('button', { name: 'Save' }), page.getByRole('dialog')];
  await page.getByLabel('Probability of One').fill('12.5');
  await save.click();
  await page.getByRole('alert').getByText('A probability is a whole number').waitFor();
  await page.getByLabel('Probability of One').fill('12');
  await page.getByRole('button', { name: 'Delete the stage Two' }).click();
  await house.ask(olivia, 'mutation ($i: CreateRecordInput!) { createRecord(input: $i) { revision } }', { i: { pipelineId: id, stageId: stages[1]!.id, title: 'Late' } });
  await save.click();
  await dialog.getByLabel('Two goes; its 1 card goes to').selectOption({ label: 'Lost' });
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.getByText(/reason/).filter({ hasText: /needs/ }).waitFor();
  await dialog.getByLabel('Reason').selectOption({ label: 'No need' });
  await dialog.getByRole('button', { name: 'Save' }).click();
  await page.getByText('“Reasons” was saved').first().waitFor();
  const { records } = await house.ask<{ records: { nodes: object[] } }>(olivia, 'query ($f: RecordFilter) { records(filter: $f) { nodes { title status lostReason lostReasonKey } } }', { f: { pipelineId: { eq: id } } });
  expect(records.nodes).toEqual([{ title: 'Late', status: 'LOST', lostReason: null, lostReasonKey: 'no_need' }]);
});

it('a pipeline that goes asks why its cards are lost where they go to', async () => {
  await house.ask(olivia, 'mutation ($i: CreatePipelineInput!) { createPipeline(input: $i) { revision } }', { i: { name: 'Goes', stages: [{ name: 'Only' }] } });
  const [goes, reasons] = [await named('Goes'), await named('Reasons')];
  await house.ask(olivia, 'mutation ($i: CreateRecordInput!) { createRecord(input: $i) { revision } }', { i: { pipelineId: goes.id, title: 'Dropped' } });
  const page = await open('pipelines/manage');
  await page.getByRole('listitem').filter({ has: page.getByRole('button', { name: 'Actions for Goes', exact: true }) }).getByText(/\b1 card\b/).waitFor();
  await act(page, 'Goes', 'Delete');
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Pipeline', { exact: true }).selectOption({ label: 'Reasons' });
  await dialog.getByLabel('Stage').selectOption({ label: 'Lost' });
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await dialog.getByText(/reason/).filter({ hasText: /needs/ }).waitFor();
  await dialog.getByLabel('Reason').selectOption({ label: 'Competitor' });
  await dialog.getByLabel('In your own words').fill('The one across the road');
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await page.getByText('“Goes” was deleted, 1 card moved').first().waitFor();
  const { records } = await house.ask<{ records: { nodes: object[] } }>(olivia, 'query ($f: RecordFilter) { records(filter: $f) { nodes { lostReason lostReasonKey } } }', { f: { pipelineId: { eq: reasons.id }, q: 'Dropped' } });
  expect(records.nodes).toEqual([{ lostReason: 'The one across the road', lostReasonKey: 'competitor' }]);
});

it('an edit that crosses another is refused, and keeps what was typed', async () => {
  const { id } = await named('Errands');
  const page = await open(`pipelines/${id}/edit`);
  await page.getByLabel('Description').fill('His');
  await house.ask(olivia, 'mutation ($i: UpdatePipelineInput!) { updatePipeline(input: $i) { revision } }', { i: { id, description: 'Hers' } });
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('alert').getByText(/Somebody else changed this meanwhile/).waitFor();
  await expect.poll(() => page.getByLabel('Description').inputValue()).toBe('His');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('“Errands” was saved').first().waitFor();
  await expect.poll(async () => (await house.ask<{ pipeline: { description: string } }>(olivia, 'query ($id: ID!) { pipeline(id: $id) { description } }', { id })).pipeline.description).toBe('His');
});

it('pipelines are put into order by keys, and another becomes the default', async () => {
  const page = await open('pipelines/manage');
  const before = (await pipelines()).map(({ name }) => name);
  await page.getByRole('button', { name: `Move ${before[0]}`, exact: true }).focus();
  await page.keyboard.press('Space');
  await page.getByText(`${before[0]}: place 1 of`).waitFor({ state: 'attached' });
  await page.keyboard.press('ArrowDown');
  await page.getByText(`${before[0]}: place 2 of`).waitFor({ state: 'attached' });
  await page.keyboard.press('Space');
  await expect.poll(async () => (await pipelines()).map(({ name }) => name).slice(0, 2)).toEqual([before[1], before[0]]);
  await act(page, 'Errands', 'Make it the default');
  await expect.poll(async () => (await named('Errands')).isDefault).toBe(true);
});

it('a pipeline is duplicated with its cards, once, although the answer was lost', async () => {
  const page = await open('pipelines/manage');
  await act(page, 'Errands', 'Duplicate');
  await page.getByLabel('Name').fill('Errands again');
  await page.getByLabel('All that you see').check();
  await lose(page, 'DuplicatePipeline');
  await page.getByRole('dialog').getByRole('button', { name: 'Duplicate' }).click();
  await page.getByRole('alert').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Duplicate' }).click();
  await page.getByRole('heading', { level: 1, name: 'Errands again' }).waitFor();
  await expect.poll(async () => count((await named('Errands again')).id)).toBe(2);
});

it('a pipeline goes: its cards move, or go with it once their number was typed; and comes back', async () => {
  const [copy, errands] = [await named('Errands again'), await named('Errands')];
  const page = await open('pipelines/manage');
  await page.getByText('2 cards').first().waitFor();
  await act(page, 'Errands again', 'Delete');
  await page.getByLabel('Pipeline', { exact: true }).selectOption({ label: 'Errands' });
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await page.getByText('“Errands again” was deleted, 2 cards moved').first().waitFor();
  await expect.poll(() => count(errands.id)).toBe(4);

  await page.reload();
  await page.getByText('4 cards').first().waitFor();
  await add(errands.id, 'Meanwhile').catch(() => house.ask(olivia, 'mutation ($i: CreateRecordInput!) { createRecord(input: $i) { revision } }', { i: { pipelineId: errands.id, title: 'Meanwhile', value: { amount: '1', currency: 'EUR' } } }));
  await act(page, 'Errands', 'Delete');
  await page.getByLabel('Delete with the pipeline').check();
  const button = page.getByRole('dialog').getByRole('button', { name: 'Delete' });
  await expect.poll(() => button.isDisabled()).toBe(true);
  await page.getByLabel('Type 4 to confirm').fill('4');
  await button.click();
  await page.getByText('Cards came or went meanwhile. There are 5 now.').waitFor();
  await page.getByLabel('Type 5 to confirm').fill('5');
  await page.getByLabel('New default').selectOption({ label: 'Sales Pipeline' });
  await button.click();
  await page.getByText('“Errands” was deleted, 5 cards with it').first().waitFor();
  await expect.poll(async () => (await named('Sales Pipeline')).isDefault).toBe(true);

  await page.getByRole('button', { name: 'Restore Errands', exact: true }).click();
  await page.getByText('“Errands” is back, with 5 cards').first().waitFor();
  await expect.poll(() => count(errands.id)).toBe(5);
  await expect.poll(pipelines).not.toContainEqual(expect.objectContaining({ id: copy.id }));
});

it('a pipeline that somebody else makes shows at once, on a screen without a board', async () => {
  const page = await open('pipelines/new');
  await page.getByRole('status').getByText('Live', { exact: true }).waitFor();
  await house.ask(house.person('ADMIN'), 'mutation ($i: CreatePipelineInput!) { createPipeline(input: $i) { revision } }', { i: { name: 'Made elsewhere', stages: [{ name: 'One' }] } });
  await page.getByRole('navigation', { name: 'Pipelines' }).getByRole('link', { name: 'Made elsewhere' }).waitFor();
});

it('who may not manage pipelines is not shown how', async () => {
  const agent = house.demo.members.find(({ role }) => role === 'AGENT')!;
  const page = await browsers.enter(house, agent, '/w/demo/pipelines/manage');
  await page.getByText('You may not do this.').waitFor();
  await expect.poll(() => page.getByRole('link', { name: 'New pipeline' }).count()).toBe(0);
});

it('numbers that cannot be are told in words of one’s own at the field that is wrong', async () => {
  const { createPipeline } = await house.ask<{ createPipeline: { pipeline: { id: string } } }>(olivia, 'mutation ($i: CreatePipelineInput!) { createPipeline(input: $i) { pipeline { id } } }', { i: { name: 'Numbers', stages: [{ name: 'One' }, { name: 'Two' }] } });
  const page = await open(`pipelines/${createPipeline.pipeline.id}/edit`);
  const [hours, save] = [page.getByLabel('Idle after hours'), page.getByRole('button', { name: 'Save', exact: true })];
  for (const text of ['2.5', '99999999999', '-5']) {
    await hours.fill(text);
    await save.click();
    await page.getByRole('alert').getByText('Hours are a whole number from 1 to 8,760, or none.').waitFor();
    await expect.poll(() => hours.getAttribute('aria-invalid')).toBe('true');
  }
  await hours.fill('24');
  await page.getByLabel('Probability of Two').fill('200');
  await save.click();
  await page.getByRole('alert').getByText('A probability is a whole number from 0 to 100.').waitFor();
  const names = page.getByRole('textbox', { name: 'Name of the stage' });
  expect([await page.getByLabel('Probability of Two').getAttribute('aria-invalid'), await names.nth(1).getAttribute('aria-invalid')]).toEqual(['true', null]);
  await page.getByLabel('Probability of Two').fill('20');
  await names.nth(0).fill('');
  await save.click();
  await page.getByRole('alert').getByText('Give it a name.').waitFor();
  expect(await names.nth(0).getAttribute('aria-invalid')).toBe('true');
});

it('a stage or a deleted pipeline that goes from its list leaves the focus to what is there', async () => {
  const { createPipeline } = await house.ask<{ createPipeline: { pipeline: { id: string } } }>(olivia, 'mutation ($i: CreatePipelineInput!) { createPipeline(input: $i) { pipeline { id } } }', { i: { name: 'Keys', stages: [{ name: 'One' }, { name: 'Two' }, { name: 'Three' }] } });
  const { id } = createPipeline.pipeline;
  const page = await open(`pipelines/${id}/edit`);
  const focused = (one: ReturnType<Page['locator']>) => expect.poll(() => one.evaluate((element) => document.activeElement === element)).toBe(true);
  await page.getByRole('button', { name: 'Delete the stage Two' }).press('Enter');
  await focused(page.getByRole('textbox', { name: 'Name of the stage' }).nth(1));
  await page.getByRole('button', { name: 'Delete the stage Three' }).press('Enter');
  await focused(page.getByRole('button', { name: 'Add a stage' }));
  await house.ask(olivia, 'mutation ($i: DeletePipelineInput!) { deletePipeline(input: $i) { revision } }', { i: { id } });
  const list = await open('pipelines/manage');
  await list.getByRole('button', { name: 'Restore Keys', exact: true }).press('Enter');
  await list.getByRole('button', { name: 'Restore Keys', exact: true }).waitFor({ state: 'detached' });
  await focused(list.getByRole('main').getByRole('link', { name: 'Keys', exact: true }));
});
