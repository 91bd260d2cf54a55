import type { Route } from 'playwright-core';
import { expect, it } from 'vitest';
import { amara, browsers, house, olivia, read } from './demo';
import { column, patience } from './house';

async function open(options = {}) {
  const page = await browsers.enter(house, olivia, `/w/demo/pipelines/${house.demo.pipelines[0]!.id}`, options);
  page.setDefaultTimeout(patience);
  const title = column(page, 'Lead').locator('[data-title]').first();
  await title.waitFor();
  const [id, name] = [(await title.getAttribute('data-title'))!, (await title.innerText()).trim()];
  await title.click();
  const panel = page.getByRole('dialog', { name });
  await panel.getByRole('heading', { name: 'History' }).waitFor();
  return { page, panel, id };
}

it('a card tells its history, live: what changed, who did it, whose it was, and how long it was where', async () => {
  const { page, panel, id } = await open();
  const stage = house.demo.pipelines[0]!.stages[1]!;
  await house.ask(amara, 'mutation ($i: UpdateRecordInput!) { updateRecord(input: $i) { revision } }', { i: { id, tags: ['vip', 'north'] } });
  await panel.getByText('tags: ').filter({ hasText: 'vip and north' }).waitFor();
  await house.ask(amara, 'mutation ($i: AssignRecordInput!) { assignRecord(input: $i) { revision } }', { i: { recordId: id, ownerId: amara.id } });
  const owners = panel.locator('section').filter({ has: page.getByRole('heading', { name: 'Owners' }) });
  await owners.getByRole('listitem').first().filter({ hasText: `by ${amara.name}` }).waitFor();
  await house.ask(amara, 'mutation ($i: MoveRecordInput!) { moveRecord(input: $i) { revision } }', { i: { recordId: id, toStageId: stage.id } });
  await panel.getByText(`stage: Lead → ${stage.name}`).waitFor();
  const stages = panel.locator('section').filter({ has: page.getByRole('heading', { name: 'Time in stages' }) });
  await stages.getByRole('listitem').filter({ hasText: stage.name }).waitFor();
});

it('a card goes to another pipeline and leaves this board', async () => {
  const { page, panel, id } = await open();
  const there = house.demo.pipelines[1]!;
  await panel.getByRole('button', { name: 'Move to another pipeline' }).click();
  const dialog = page.getByRole('dialog', { name: 'Move to another pipeline' });
  await dialog.getByLabel('Pipeline').selectOption({ label: there.name });
  await dialog.getByRole('button', { name: 'Move' }).click();
  await page.getByText(`is in ${there.name} now`).first().waitFor();
  await expect.poll(() => page.locator(`[data-card="${id}"]`).count(), { timeout: patience }).toBe(0);
  await expect.poll(() => read(id, 'pipelineId')).toEqual({ pipelineId: there.id });
});

it('a card that is lost in another pipeline is lost for a reason', async () => {
  const { createPipeline } = await house.ask<{ createPipeline: { pipeline: { name: string } } }>(olivia, 'mutation ($i: CreatePipelineInput!) { createPipeline(input: $i) { pipeline { name } } }', {
    i: { name: 'Lost elsewhere', requireLostReason: true, stages: [{ name: 'First' }, { name: 'Dropped', kind: 'LOST' }] },
  });
  const { page, panel, id } = await open();
  await panel.getByRole('button', { name: 'Move to another pipeline' }).click();
  const dialog = page.getByRole('dialog', { name: 'Move to another pipeline' });
  await dialog.getByLabel('Pipeline').selectOption({ label: createPipeline.pipeline.name });
  await dialog.getByLabel('Stage').selectOption({ label: 'Dropped' });
  await dialog.getByRole('button', { name: 'Move' }).click();
  await dialog.getByRole('alert').waitFor();
  await dialog.getByLabel('Reason').selectOption({ label: 'Price' });
  await dialog.getByLabel('In your own words').fill('By half');
  await dialog.getByRole('button', { name: 'Move' }).click();
  await page.getByText('is in Lost elsewhere now').first().waitFor();
  await expect.poll(() => read(id, 'lostReason lostReasonKey')).toEqual({ lostReason: 'By half', lostReasonKey: 'price' });
});

it('a long history is shown page by page, each once; a creation is told in one line', async () => {
  const { createRecord } = await house.ask<{ createRecord: { record: { id: string } } }>(olivia, 'mutation ($i: CreateRecordInput!) { createRecord(input: $i) { record { id } } }', { i: { pipelineId: house.demo.pipelines[0]!.id, title: 'Much happened' } });
  const { id } = createRecord.record;
  for (let n = 1; n <= 25; n++) await house.ask(amara, 'mutation ($i: UpdateRecordInput!) { updateRecord(input: $i) { revision } }', { i: { id, description: `Text ${n}.` } });
  const page = await browsers.enter(house, olivia, `/w/demo/pipelines/${house.demo.pipelines[0]!.id}?record=${id}`);
  page.setDefaultTimeout(patience);
  const history = page.locator('section').filter({ has: page.getByRole('heading', { name: 'History' }) });
  const told = (n: number) => history.getByText(`Text ${n}.`, { exact: false }).filter({ hasText: `→ Text ${n}.` });
  await told(25).waitFor();
  await expect.poll(() => told(2).count()).toBe(0);
  const broken = (route: Route) => (route.request().postData()?.includes('"RecordStory"') ? route.fulfill({ json: { errors: [{ message: 'no', extensions: { code: 'OVERLOADED', requestId: 'req_story' } }] } }) : route.fallback());
  await page.route('**/graphql', broken);
  await history.getByRole('button', { name: 'Show more' }).click();
  await history.getByRole('alert').getByText('Request req_story').waitFor();
  await page.unroute('**/graphql', broken);
  await history.getByRole('button', { name: 'Try again' }).dblclick();
  await history.getByText('Created the card').waitFor();
  await expect.poll(async () => [await told(25).count(), await told(5).count(), await told(2).count()]).toEqual([1, 1, 1]);
  await expect.poll(() => history.getByText('title: Much happened').isVisible()).toBe(false);
  await history.getByText('Created the card').click();
  await expect.poll(() => history.getByText('title: Much happened').isVisible()).toBe(true);

  await page.route('**/graphql', broken);
  await page.reload();
  const alert = page.getByRole('dialog').getByRole('alert');
  await alert.getByText('Request req_story').waitFor();
  await page.unroute('**/graphql', broken);
  await alert.getByRole('button', { name: 'Try again' }).click();
  await told(25).waitFor();
});
