import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { browsers, house, olivia, read } from './demo';
import { column, drawn, lose, patience, titles } from './house';
import { sizes } from './visit';

async function open(options = {}, pipelineId = house.demo.pipelines[0]!.id) {
  const page = await browsers.enter(house, olivia, `/w/demo/pipelines/${pipelineId}`, options);
  page.setDefaultTimeout(patience);
  await drawn(page);
  return page;
}

const bar = (page: Page) => page.locator('[role=toolbar][aria-label="What to do with the chosen cards"]');
const chosen = async (page: Page) => Number(/^([\d,]+) card/.exec(await bar(page).locator('[role=status]').innerText())![1]!.replace(',', ''));
// By its attribute, for a dialog hides what is behind it from roles.
const ids = (page: Page, stage: string) => page.locator(`[data-column][aria-label^="${stage},"] [data-card]`).evaluateAll((cards) => cards.map((card) => (card as HTMLElement).dataset.card!));
const act = async (page: Page, what: string, ...items: string[]) => {
  await bar(page).getByRole('button', { name: what }).click();
  for (const item of items) await page.getByRole('menuitem', { name: item, exact: true }).click();
};
const sure = (page: Page, what: string) => page.getByRole('dialog').getByRole('button', { name: what, exact: true }).click();

/** many makes a board with so many cards in its first stage. */
async function many(name: string, n: number, to: object = {}) {
  const { createPipeline } = await house.ask<{ createPipeline: { pipeline: { id: string; stages: { id: string; name: string }[] } } }>(
    olivia, 'mutation ($i: CreatePipelineInput!) { createPipeline(input: $i) { pipeline { id stages { id name } } } }', { i: { name, stages: [{ name: 'From' }, { name: 'To', ...to }] } });
  const { contact } = (await house.ask<{ createContact: { contact: { id: string } } }>(
    olivia, 'mutation ($i: CreateContactInput!) { createContact(input: $i) { contact { id } } }', { i: { firstName: name } })).createContact;
  for (let i = 0; i < n; i += 100) {
    const records = Array.from({ length: Math.min(100, n - i) }, (_, j) => ({ title: `Card ${i + j}`, contactId: contact.id }));
    await house.ask(olivia, 'mutation ($i: CreateRecordsInput!) { createRecords(input: $i) { revision } }', { i: { defaultPipelineId: createPipeline.pipeline.id, records } });
  }
  return createPipeline.pipeline;
}

it('a range chosen by mouse moves as one block, after a rehearsal that changed nothing', async () => {
  const page = await open();
  const before = await ids(page, 'Lead');
  const names = await titles(page, 'Lead');
  const cards = column(page, 'Lead').locator('[data-card]');
  await cards.nth(1).hover();
  await cards.nth(1).getByRole('checkbox').click();
  await expect.poll(() => chosen(page)).toBe(1);
  await cards.nth(3).getByRole('checkbox').click({ modifiers: ['Shift'] });
  await cards.nth(2).locator('[data-title]').click({ modifiers: ['ControlOrMeta'] });
  await expect.poll(() => chosen(page)).toBe(2);
  await cards.nth(2).locator('[data-title]').click({ modifiers: ['ControlOrMeta'] });
  await expect.poll(() => chosen(page)).toBe(3);
  const was = await read(before[1]!, 'stageId version');
  await act(page, 'Move', 'Proposal');
  await page.getByText('3 cards will move', { exact: true }).waitFor();
  await expect.poll(() => ids(page, 'Lead')).toEqual(before);
  await expect.poll(() => read(before[1]!, 'stageId version')).toEqual(was);
  await sure(page, 'Move');
  await expect.poll(async () => (await titles(page, 'Proposal')).slice(0, 3), { timeout: patience }).toEqual(names.slice(1, 4));
  await page.getByText('3 cards were moved').first().waitFor();
  await bar(page).waitFor({ state: 'detached' });
});

it('keys alone choose, and choose nothing', async () => {
  const page = await open();
  await column(page, 'Lead').locator('[data-title]').first().focus();
  await page.keyboard.press('x');
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Shift+ArrowDown');
  await bar(page).waitFor();
  await expect.poll(() => chosen(page)).toBe(3);
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toContain(', chosen');
  await page.keyboard.press('Escape');
  await bar(page).waitFor({ state: 'detached' });
  await page.keyboard.press('Control+a');
  await bar(page).waitFor();
  const [, count] = /, (\d+) card/.exec((await column(page, 'Lead').getAttribute('aria-label'))!)!;
  await expect.poll(() => chosen(page)).toBe(Number(count));
  await page.keyboard.press('x');
  await expect.poll(() => chosen(page)).toBe(Number(count) - 1);
  await expect.poll(() => page.getByRole('checkbox', { name: 'Choose all of Lead' }).evaluate((box) => (box as HTMLInputElement).indeterminate)).toBe(true);
});

it('a rehearsal says how many cannot, and why; then the others go', async () => {
  const pipeline = await many('Refusals', 5, { requiredFields: ['VALUE'] });
  const page = await open({}, pipeline.id);
  const [first, second] = await ids(page, 'From');
  for (const id of [first, second]) await house.ask(olivia, 'mutation ($i: UpdateRecordInput!) { updateRecord(input: $i) { revision } }', { i: { id, value: { amount: '10' } } });
  await page.getByRole('checkbox', { name: 'Choose all of From' }).click();
  await expect.poll(() => chosen(page)).toBe(5);
  await act(page, 'Move', 'To');
  await page.getByText('2 cards will move, 3 cannot, because', { exact: true }).waitFor();
  await page.getByText('3: Value missing').waitFor();
  await sure(page, 'Move');
  await expect.poll(() => ids(page, 'To'), { timeout: patience }).toEqual([first, second]);
  await page.getByText('3 could not.').first().waitFor();
});

it.each(['pipeline', 'workspace'])('why many cards are lost is asked once, before they are rehearsed, when the %s wants it', async (who) => {
  const pipeline = await many(`Losses told to the ${who}`, 2, { kind: 'LOST' });
  const workspace = (requireLostReason: boolean | null) =>
    house.ask(olivia, 'mutation ($i: UpdateSettingsInput!) { updateSettings(input: $i) { revision } }', { i: { records: { requireLostReason } } });
  if (who === 'workspace') await workspace(true);
  else await house.ask(olivia, 'mutation ($i: UpdatePipelineInput!) { updatePipeline(input: $i) { revision } }', { i: { id: pipeline.id, requireLostReason: true } });
  const page = await open({}, pipeline.id);
  const all = await ids(page, 'From');
  await page.getByRole('checkbox', { name: 'Choose all of From' }).click();
  await act(page, 'Move', 'To');
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: 'Continue' }).click();
  await dialog.getByRole('alert').getByText('Why was it lost?').waitFor();
  await dialog.getByLabel('Reason').selectOption({ label: 'No response' });
  await dialog.getByRole('button', { name: 'Continue' }).click();
  await page.getByText('2 cards will move', { exact: true }).waitFor();
  await sure(page, 'Move');
  await expect.poll(() => ids(page, 'To'), { timeout: patience }).toEqual(all);
  await expect.poll(() => read(all[0]!, 'status lostReason lostReasonKey')).toEqual({ status: 'LOST', lostReason: null, lostReasonKey: 'no_response' });
  await workspace(null);
});

it('owner, tags and priority are given to many, and many are deleted', async () => {
  const pipeline = await many('Actions', 3);
  const page = await open({}, pipeline.id);
  const all = await ids(page, 'From');
  const choose = async () => {
    await column(page, 'From').locator('[data-title]').first().focus();
    await page.keyboard.press('Control+a');
    await bar(page).waitFor();
  };
  await choose();
  await act(page, 'Assign', olivia.name);
  await page.getByText('3 cards will get another owner').waitFor();
  await sure(page, 'Assign');
  await bar(page).waitFor({ state: 'detached' });
  await choose();
  await act(page, 'Priority', 'Urgent');
  await page.getByText('3 cards will get another priority').waitFor();
  await sure(page, 'Set priority');
  await bar(page).waitFor({ state: 'detached' });
  await choose();
  await act(page, 'Tag');
  await sure(page, 'Continue');
  await page.getByText('Name a tag to add or to take away.').waitFor();
  await page.getByLabel('Tags to add').fill('vip, north');
  await sure(page, 'Continue');
  await page.getByText('3 cards will get other tags').waitFor();
  await sure(page, 'Change tags');
  await bar(page).waitFor({ state: 'detached' });
  await expect.poll(() => read(all[1]!, 'owner { name } priority tags')).toEqual({ owner: { name: olivia.name }, priority: 'URGENT', tags: ['vip', 'north'] });
  await choose();
  await act(page, 'Priority', 'Urgent');
  await page.getByText('There is nothing to do.').waitFor();
  await expect.poll(() => page.getByRole('dialog').getByRole('button', { name: 'Set priority' }).isDisabled()).toBe(true);
  await sure(page, 'Cancel');
  await act(page, 'Delete');
  await page.getByText('3 cards will be deleted').waitFor();
  await sure(page, 'Delete');
  await expect.poll(() => ids(page, 'From'), { timeout: patience }).toEqual([]);
  await expect.poll(() => read(all[0]!, 'id')).toBeNull();
});

it('more than 500 are done by a job that shows how far it is; and one that waits can be stopped', async () => {
  const [large, small] = [await many('Large', 1_500), await many('Small', 501)];
  const page = await open({}, large.id);
  const job = page.getByRole('article', { name: 'Moving cards' });
  await page.getByRole('checkbox', { name: 'Choose all of From' }).click();
  await act(page, 'Move', 'To');
  await page.getByText('1500 cards will move').waitFor();
  await page.getByText('That is more than 500 cards').waitFor();
  await sure(page, 'Move');
  await job.getByText('Done: 1,500 done').waitFor();
  await expect.poll(() => column(page, 'To').getAttribute('aria-label'), { timeout: patience }).toBe('To, 1500 cards');
  await job.getByRole('button', { name: 'Dismiss' }).click();
  await job.waitFor({ state: 'detached' });

  // A process does one job at a time: these keep it busy for many commits, so that the next has to wait until it is stopped.
  const tags = { filter: { pipelineId: { eq: large.id } }, expectedCount: 1_500 };
  const other = await open({}, small.id);
  await other.getByRole('checkbox', { name: 'Choose all of From' }).click();
  await act(other, 'Move', 'To');
  await other.getByText('501 cards will move').waitFor();
  const busy: string[] = [];
  for (let i = 0; i < 20; i++) {
    const { tagRecords } = await house.ask<{ tagRecords: { job: { id: string } } }>(olivia, 'mutation ($i: TagRecordsInput!) { tagRecords(input: $i) { job { id } } }', { i: { ...tags, add: [`busy ${i}`] } });
    busy.push(tagRecords.job.id);
  }
  await sure(other, 'Move');
  await other.getByRole('article', { name: 'Moving cards' }).getByRole('button', { name: 'Stop' }).click();
  await other.getByText('Stopped').first().waitFor();
  await expect.poll(() => column(other, 'From').getAttribute('aria-label')).toBe('From, 501 cards');
  for (const id of busy) await house.ask(olivia, 'mutation ($i: CancelJobInput!) { cancelJob(input: $i) { job { id } } }', { i: { id } });
});

it('fingers choose, on a phone', async () => {
  const page = await open(sizes.phone);
  await column(page, 'Lead').getByRole('button', { name: /^Actions for/ }).first().tap();
  await page.getByRole('menuitem', { name: /^Choose/ }).tap();
  await column(page, 'Lead').getByRole('checkbox', { name: /^Choose / }).nth(2).tap();
  await expect.poll(() => chosen(page)).toBe(2);
  await act(page, 'Priority', 'Low');
  await page.getByText(/will get another priority|nothing to do/).waitFor();
});

it('what a menu leads to is on the screen of a phone', async () => {
  const page = await open(sizes.phone);
  const inside = async () => {
    for (const item of await page.getByRole('menuitem').or(page.getByRole('menuitemcheckbox')).all()) {
      const box = (await item.boundingBox())!;
      expect(box.x).toBeGreaterThanOrEqual(0);
      expect(box.x + box.width).toBeLessThanOrEqual(390);
      await expect.poll(() => item.innerText()).not.toBe('');
    }
  };
  const title = (await titles(page, 'Lead'))[0]!;
  await column(page, 'Lead').getByRole('button', { name: /^Actions for/ }).first().tap();
  await page.getByRole('menuitem', { name: 'Assign to' }).tap();
  await page.getByRole('menuitemcheckbox', { name: 'Nobody' }).waitFor();
  await inside();
  await page.getByRole('menuitem', { name: 'Back' }).tap();
  await page.getByRole('menuitem', { name: 'Move to' }).tap();
  await inside();
  await page.getByRole('menuitemcheckbox', { name: 'Qualified' }).tap();
  await expect.poll(async () => (await titles(page, 'Qualified'))[0], { timeout: patience }).toBe(title);

  await column(page, 'Lead').getByRole('checkbox', { name: /^Choose all of/ }).tap();
  const other = house.demo.pipelines[1]!;
  await act(page, 'Move', 'Another pipeline', other.name);
  await inside();
  await page.getByRole('menuitem', { name: 'Back' }).tap();
  await page.getByRole('menuitem', { name: other.name, exact: true }).tap();
  await page.getByRole('menuitem', { name: other.stages[0]!.name, exact: true }).tap();
  await page.getByRole('dialog', { name: `Move to ${other.name}, ${other.stages[0]!.name}` }).waitFor();
});

it('one of several chosen cards takes the others with it to its place, and what cannot go is told before', async () => {
  const { id: pipelineId, stages } = await many('Dragged together', 4, { requiredFields: ['EXPECTED_CLOSE_DATE'] });
  const page = await open({}, pipelineId);
  const [first, second, third, fourth] = await ids(page, 'From');
  const update = (id: string, input: object) => house.ask(olivia, 'mutation ($i: UpdateRecordInput!) { updateRecord(input: $i) { revision } }', { i: { id, ...input } });
  for (const id of [first!, second!, fourth!]) await update(id, { expectedCloseDate: '2031-01-01' });
  await update(fourth!, { stageId: stages[1]!.id });
  await expect.poll(() => ids(page, 'To'), { timeout: patience }).toEqual([fourth]);
  const cards = column(page, 'From').locator('[data-card]');
  for (const at of [0, 1, 2]) await cards.nth(at).locator('[data-title]').click({ modifiers: ['ControlOrMeta'] });
  const from = (await cards.nth(1).boundingBox())!;
  const below = (await column(page, 'To').locator('[data-card]').first().boundingBox())!;
  await page.mouse.move(from.x + 100, from.y + 30);
  await page.mouse.down();
  await page.mouse.move(from.x + 112, from.y + 40, { steps: 3 });
  await page.mouse.move(below.x + 100, below.y + below.height + 60, { steps: 8 });
  await page.mouse.up();
  const dialog = page.getByRole('dialog', { name: 'Move to To' });
  await dialog.getByText('2 cards will move, 1 cannot, because').waitFor();
  await dialog.getByText('1: Expected close missing').waitFor();
  await expect.poll(() => ids(page, 'To')).toEqual([fourth]);
  await dialog.getByRole('button', { name: 'Move', exact: true }).click();
  await expect.poll(() => ids(page, 'To'), { timeout: patience }).toEqual([fourth, first, second]);
  await expect.poll(() => ids(page, 'From')).toEqual([third]);
});

it('an answer that was lost is asked for again, and nothing is done twice', async () => {
  const page = await open();
  const [id] = await ids(page, 'Lead');
  const { version } = (await read<{ version: number }>(id!, 'version'))!;
  await page.locator(`[data-title="${id}"]`).focus();
  await page.keyboard.press('x');
  await act(page, 'Tag');
  await page.getByLabel('Tags to add').fill('lost and found');
  await sure(page, 'Continue');
  await page.getByText('1 card will get other tags').waitFor();
  await lose(page, 'TagRecords');
  await sure(page, 'Change tags');
  await page.getByRole('alert').getByRole('button', { name: 'Try again' }).click();
  await page.getByText('1 card has other tags').first().waitFor();
  await expect.poll(() => read(id!, 'version')).toEqual({ version: version + 1 });
});

it('a rehearsal whose right ends says that nothing was changed', async () => {
  const agent = house.demo.members.find(({ role }) => role === 'AGENT')!;
  const become = (role: string) => house.ask(olivia, 'mutation ($i: SetMemberRoleInput!) { setMemberRole(input: $i) { revision } }', { i: { id: agent.id, role } });
  const page = await browsers.enter(house, agent, `/w/demo/pipelines/${house.demo.pipelines[0]!.id}`);
  page.setDefaultTimeout(patience);
  await drawn(page);
  await page.locator('[data-title]').first().focus();
  await page.keyboard.press('x');
  await act(page, 'Tag');
  await page.getByRole('dialog', { name: 'Change tags' }).waitFor();
  await become('PROJECT_MANAGER');
  await page.getByRole('dialog', { name: 'Change tags' }).waitFor({ state: 'detached' });
  await page.getByText('You may not change cards any more.').first().waitFor();
  await become('AGENT');
});
