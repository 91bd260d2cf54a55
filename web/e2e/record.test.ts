import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { accessible } from './axe';
import { amara, browsers, house, olivia, read } from './demo';
import { drawn, lose, patience } from './house';

let ann: string;
beforeAll(async () => {
  const make = 'mutation ($c: CreateContactInput!) { createContact(input: $c) { contact { id } } }';
  const c = { firstName: 'Zara', lastName: 'Quaynor', emails: ['zara@quay.example'], phones: ['+493012345678'] };
  ann = (await house.ask<{ createContact: { contact: { id: string } } }>(olivia, make, { c })).createContact.contact.id;
});

const pipeline = () => house.demo.pipelines[0]!;

/** card makes a card by the API, and what goes with it, and opens it. */
async function card(input: object, more: (id: string) => Promise<unknown> = () => Promise.resolve()) {
  const made = await make(input);
  await more(made);
  const page = await browsers.enter(house, olivia, `/w/demo/pipelines/${pipeline().id}?record=${made}`);
  page.setDefaultTimeout(patience);
  const panel = page.getByRole('dialog');
  await panel.getByRole('heading', { name: 'History' }).waitFor();
  return { page, panel, id: made };
}

async function make(input: object) {
  const { createRecord } = await house.ask<{ createRecord: { record: { id: string } } }>(olivia, 'mutation ($i: CreateRecordInput!) { createRecord(input: $i) { record { id } } }', { i: { pipelineId: pipeline().id, ...input } });
  return createRecord.record.id;
}

const option = (page: Page, name: string | RegExp) => page.getByRole('option', { name });

it('a card is made with a contact that is found by keys alone, and with a new company', async () => {
  const page = await browsers.enter(house, olivia, `/w/demo/pipelines/${pipeline().id}`);
  page.setDefaultTimeout(patience);
  await drawn(page);
  await page.keyboard.press('n');
  const dialog = page.getByRole('dialog', { name: 'New card' });
  await dialog.getByLabel('Title').fill('Linked from the start');
  const contact = dialog.getByRole('combobox', { name: 'Contact' });
  await contact.fill('quaynor');
  await option(page, 'Zara Quaynor zara@quay.example').waitFor();
  await expect.poll(() => contact.getAttribute('aria-expanded')).toBe('true');
  await accessible(page, 'a contact is looked for');
  await contact.press('ArrowDown');
  const active = (await contact.getAttribute('aria-activedescendant'))!;
  await expect.poll(() => page.locator(`[id="${active}"]`).getAttribute('aria-selected')).toBe('true');
  await contact.press('Escape');
  await expect.poll(() => contact.getAttribute('aria-expanded')).toBe('false');
  await contact.press('ArrowDown');
  await option(page, /^Zara/).waitFor();
  await contact.press('ArrowDown');
  await contact.press('Enter');
  const linked = dialog.getByRole('group', { name: 'Contact' });
  await linked.getByText('zara@quay.example').waitFor();
  await expect.poll(() => dialog.getByLabel('E-mail').count()).toBe(0);
  await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Take the link to Zara Quaynor off');
  await dialog.getByRole('combobox', { name: 'Company' }).fill('Quay & Sons of nowhere');
  await option(page, /^New company/).click();
  await dialog.getByText('A new company is made').waitFor();
  await accessible(page, 'what is linked');
  await dialog.getByRole('button', { name: 'New card' }).click();
  const panel = page.getByRole('dialog', { name: 'Linked from the start' });
  await panel.getByRole('link', { name: '+493012345678' }).waitFor();
  const id = new URL(page.url()).searchParams.get('record')!;
  await expect.poll(() => read(id, 'contactId contactName company { name } contact { company { name } }')).toEqual({
    contactId: ann, contactName: 'Zara Quaynor', company: { name: 'Quay & Sons of nowhere' }, contact: { company: null },
  });
});

it('a card whose answer was lost is made once, however often it is asked for', async () => {
  const page = await browsers.enter(house, olivia, `/w/demo/pipelines/${pipeline().id}`);
  page.setDefaultTimeout(patience);
  await drawn(page);
  await page.keyboard.press('n');
  const dialog = page.getByRole('dialog', { name: 'New card' });
  await dialog.getByLabel('Title').fill('Made once');
  await lose(page, 'CreateRecord');
  await dialog.getByRole('button', { name: 'New card' }).click();
  await dialog.getByRole('alert').waitFor();
  await dialog.getByRole('button', { name: 'New card' }).click();
  await page.getByRole('dialog', { name: 'Made once' }).waitFor();
  const { records } = await house.ask<{ records: { totalCount: number } }>(olivia, 'query ($f: RecordFilter) { records(filter: $f) { totalCount } }', { f: { title: { eq: 'Made once' } } });
  expect(records.totalCount).toBe(1);
});

it('a free text stays a text; a link is put on, taken off, and a contact made of what was typed', async () => {
  const { page, panel, id } = await card({ title: 'Changes its mind', contactName: 'Somebody', contactEmail: 'some@body.example' });
  const edit = async () => {
    await panel.getByRole('button', { name: 'Edit' }).click();
    return panel.getByRole('combobox', { name: 'Contact' });
  };
  const save = async () => {
    await panel.getByRole('button', { name: 'Save', exact: true }).click();
    await panel.getByRole('heading', { name: 'History' }).waitFor();
  };
  await (await edit()).fill('Somebody Else');
  await save();
  await expect.poll(() => read(id, 'contactId contactName')).toEqual({ contactId: null, contactName: 'Somebody Else' });
  await (await edit()).fill('+49 30 1234 5678');
  await option(page, /^Zara/).click();
  await save();
  await expect.poll(() => read(id, 'contactId contactName contactEmail')).toEqual({ contactId: ann, contactName: 'Zara Quaynor', contactEmail: 'zara@quay.example' });
  await panel.getByRole('button', { name: 'Edit' }).click();
  await panel.getByRole('button', { name: 'Take the link to Zara Quaynor off' }).click();
  await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('role'))).toBe('combobox');
  await panel.getByRole('combobox', { name: 'Contact' }).fill('Bo van Quay');
  await option(page, 'New contact “Bo van Quay”').click();
  await panel.getByLabel('E-mail').fill('no e-mail');
  await panel.getByLabel('Phone').fill('');
  await panel.getByRole('button', { name: 'Save', exact: true }).click();
  await panel.getByRole('alert').first().waitFor();
  await panel.getByLabel('E-mail').fill('bo@quay.example');
  await save();
  await expect.poll(() => read(id, 'contactName contactEmail contact { firstName lastName emails phones }')).toEqual({
    contactName: 'Bo van Quay', contactEmail: 'bo@quay.example', contact: { firstName: 'Bo', lastName: 'van Quay', emails: ['bo@quay.example'], phones: [] },
  });
});

it('participants come with their roles, and go', async () => {
  const { page, panel, id } = await card({ title: 'Takes two' });
  await expect.poll(() => panel.getByRole('region', { name: 'Participants' }).count()).toBe(0);
  await panel.getByRole('group', { name: 'Add' }).getByRole('button', { name: 'Participants' }).click();
  const part = panel.getByRole('region', { name: 'Participants' });
  await part.getByRole('combobox', { name: 'Who takes part' }).fill('zara');
  await option(page, /^Zara/).click();
  await part.getByLabel('Role').fill('Signs');
  await accessible(page, 'a participant is added');
  await part.getByRole('button', { name: 'Add', exact: true }).click();
  await part.getByRole('listitem').filter({ hasText: 'Zara Quaynor · Signs' }).waitFor();
  await expect.poll(() => read(id, 'participants { contactId role }')).toEqual({ participants: [{ contactId: ann, role: 'Signs' }] });
  await part.getByRole('button', { name: 'Zara Quaynor takes part no more' }).click();
  await expect.poll(() => part.count()).toBe(0);
  await expect.poll(() => read(id, 'participants { contactId }')).toEqual({ participants: [] });
});

it('cards are linked, seen from both sides, walked along, and unlinked', async () => {
  const other = await make({ title: 'Old crane taken back' });
  const { page, panel, id } = await card({ title: 'New crane' });
  await panel.getByRole('group', { name: 'Add' }).getByRole('button', { name: 'Linked cards' }).click();
  const part = panel.getByRole('region', { name: 'Linked cards' });
  await part.getByRole('combobox', { name: 'Card' }).fill('crane taken');
  await option(page, /^Old crane taken back/).click();
  await part.getByLabel('Label').fill('trade-in');
  await part.getByRole('button', { name: 'Link', exact: true }).click();
  await part.getByRole('listitem').filter({ hasText: 'trade-in · Old crane taken back' }).waitFor();
  await expect.poll(() => read(id, 'links { recordId label direction }')).toEqual({ links: [{ recordId: other, label: 'trade-in', direction: 'OUTGOING' }] });
  await part.getByRole('link', { name: 'Old crane taken back' }).click();
  const theirs = page.getByRole('dialog', { name: 'Old crane taken back' }).getByRole('region', { name: 'Linked cards' });
  await theirs.getByRole('img', { name: 'From' }).waitFor();
  expect(new URL(page.url()).searchParams.get('record')).toBe(other);
  await accessible(page, 'linked cards');
  await theirs.getByRole('button', { name: 'Take the link to New crane off' }).click();
  await expect.poll(() => theirs.count()).toBe(0);
  await expect.poll(() => read(id, 'links { recordId }')).toEqual({ links: [] });
});

it('line items are written, and the value follows from them where wanted', async () => {
  const { page, panel, id } = await card({ title: 'By the piece' });
  await panel.getByRole('group', { name: 'Add' }).getByRole('button', { name: 'Line items' }).click();
  const part = panel.getByRole('region', { name: 'Line items' });
  await part.getByLabel('Item, line 1').fill('Rope');
  await part.getByLabel('Quantity, line 1').fill('3');
  await part.getByLabel('Price each, line 1').fill('a lot');
  await part.getByRole('button', { name: 'Another line' }).click();
  await part.getByLabel('Item, line 2').fill('Buoy');
  await part.getByLabel('Price each, line 2').fill('10');
  await part.getByLabel('The value of the card is their sum').check();
  await part.getByRole('button', { name: 'Save', exact: true }).click();
  await part.getByRole('alert').waitFor();
  await expect.poll(() => part.getByLabel('Price each, line 1').getAttribute('aria-invalid')).toBe('true');
  await accessible(page, 'line items');
  await part.getByLabel('Price each, line 1').fill('1.50');
  await part.getByRole('button', { name: 'Save', exact: true }).click();
  await part.getByRole('row', { name: /^Rope/ }).filter({ hasText: '€4.5' }).waitFor();
  await part.getByText('The value is their sum').waitFor();
  await expect.poll(() => read(id, 'value { amount } valueFromItems lineItems { name quantity }')).toEqual({
    value: { amount: '14.50' }, valueFromItems: true, lineItems: [{ name: 'Rope', quantity: '3' }, { name: 'Buoy', quantity: '1' }],
  });
  await panel.getByRole('button', { name: 'Edit', exact: true }).click();
  await expect.poll(() => panel.getByLabel('Value').isDisabled()).toBe(true);
});

it('an edit that crosses another is refused once; what the other changed and what is typed meanwhile are taken over', async () => {
  const { page, panel, id } = await card({ title: 'Two forms', description: 'Old' });
  await panel.getByRole('button', { name: 'Edit', exact: true }).click();
  await page.getByLabel('Title').fill('Mine');
  await house.ask(amara, 'mutation ($i: UpdateRecordInput!) { updateRecord(input: $i) { revision } }', { i: { id, title: 'Hers', priority: 'URGENT' } });
  let go = () => {};
  const held = new Promise<void>((resolve) => (go = resolve));
  await page.route('**/graphql', async (route) => {
    if (route.request().postData()?.includes('"RecordPanel"')) await held;
    await route.fallback();
  });
  const refused = page.waitForResponse((response) => response.request().postData()?.includes('"UpdateRecord"') ?? false);
  const save = page.getByRole('button', { name: 'Save', exact: true });
  await save.click();
  await (await refused).finished();
  await expect.poll(() => save.isDisabled()).toBe(true);
  await page.getByLabel('Description').fill('Typed late');
  go();
  await page.getByRole('alert').getByText(amara.name).waitFor();
  await expect.poll(async () => [await panel.getByLabel('Title').inputValue(), await panel.getByLabel('Priority').inputValue(), await panel.getByLabel('Description').inputValue()]).toEqual(['Mine', 'URGENT', 'Typed late']);
  await save.click();
  await save.waitFor({ state: 'detached' });
  await expect.poll(() => read(id, 'title priority description')).toEqual({ title: 'Mine', priority: 'URGENT', description: 'Typed late' });
});

it('lines are not written over what somebody else wrote meanwhile; what others did elsewhere is not in the way, and shows', async () => {
  const { page, panel, id } = await card({ title: 'Two at once', lineItems: [{ name: 'Rope', quantity: '1', unitPrice: '2' }], customFields: { hull: 'steel', painted: true } });
  const update = (input: object) => house.ask(amara, 'mutation ($i: UpdateRecordInput!) { updateRecord(input: $i) { revision } }', { i: { id, ...input } });
  await panel.getByRole('region', { name: 'Custom fields' }).getByText('steel').waitFor();
  const part = panel.getByRole('region', { name: 'Line items' });
  const opener = part.getByRole('button', { name: 'Edit: Line items' });
  const edit = () => opener.click();
  const save = part.getByRole('button', { name: 'Save', exact: true });
  await edit();
  await part.getByLabel('Item, line 1').fill('Chain');
  await update({ externalId: 'ext-7' });
  await panel.getByText('ext-7', { exact: true }).first().waitFor();
  await save.click();
  await opener.waitFor();
  await part.getByRole('row', { name: /^Chain/ }).waitFor();
  await expect.poll(() => read(id, 'externalId lineItems { name }')).toEqual({ externalId: 'ext-7', lineItems: [{ name: 'Chain' }] });

  await edit();
  await part.getByLabel('Item, line 1').fill('Anchor');
  await update({ lineItems: [{ name: 'Chain', quantity: '1', unitPrice: '2' }, { name: 'Buoy', quantity: '4', unitPrice: '5' }], externalId: 'ext-8' });
  await panel.getByText('ext-8', { exact: true }).first().waitFor();
  await save.click();
  const clash = part.getByRole('alert').filter({ hasText: amara.name });
  await clash.getByRole('row', { name: /^Buoy/ }).waitFor();
  await accessible(page, 'two lists of lines');
  await expect.poll(() => save.count()).toBe(0);
  await part.getByLabel('Item, line 1').press('Enter');
  await expect.poll(() => read(id, 'lineItems { name }')).toEqual({ lineItems: [{ name: 'Chain' }, { name: 'Buoy' }] });
  await clash.getByRole('button', { name: 'Keep what is there' }).click();
  await part.getByRole('row', { name: /^Buoy/ }).waitFor();

  await edit();
  await part.getByLabel('Item, line 1').fill('Anchor');
  await update({ lineItems: [] });
  await save.click();
  await part.getByRole('button', { name: 'Write mine' }).click();
  await opener.waitFor();
  await part.getByRole('row', { name: /^Anchor/ }).waitFor();
  await expect.poll(() => read(id, 'lineItems { name }')).toEqual({ lineItems: [{ name: 'Anchor' }, { name: 'Buoy' }] });
});

it('two who add a participant at once both have theirs', async () => {
  const make = 'mutation ($c: CreateContactInput!) { createContact(input: $c) { contact { id } } }';
  const bo = (await house.ask<{ createContact: { contact: { id: string } } }>(olivia, make, { c: { firstName: 'Bo' } })).createContact.contact.id;
  const { page, panel, id } = await card({ title: 'Takes three' });
  await panel.getByRole('group', { name: 'Add' }).getByRole('button', { name: 'Participants' }).click();
  const part = panel.getByRole('region', { name: 'Participants' });
  await part.getByRole('combobox', { name: 'Who takes part' }).fill('zara');
  await option(page, /^Zara/).click();
  let once = false;
  await page.route('**/graphql', async (route) => {
    if (!once && route.request().postData()?.includes('"UpdateRecord"')) {
      once = true;
      await house.ask(amara, 'mutation ($i: UpdateRecordInput!) { updateRecord(input: $i) { revision } }', { i: { id, participants: [{ contactId: bo }] } });
    }
    await route.fallback();
  });
  await part.getByRole('button', { name: 'Add', exact: true }).click();
  await part.getByRole('listitem').nth(1).filter({ hasText: 'Zara Quaynor' }).waitFor();
  await expect.poll(() => read(id, 'participants { contactId }')).toEqual({ participants: [{ contactId: bo }, { contactId: ann }] });
});

it('what others do shows in the panel, also when its card is not on the board', async () => {
  const update = (id: string, input: object) => house.ask(amara, 'mutation ($i: UpdateRecordInput!) { updateRecord(input: $i) { revision } }', { i: { id, ...input } });
  const elsewhere = await make({ title: 'Lies elsewhere', pipelineId: house.demo.pipelines[1]!.id });
  const page = await browsers.enter(house, olivia, `/w/demo/pipelines/${pipeline().id}?record=${elsewhere}`);
  page.setDefaultTimeout(patience);
  await page.getByRole('dialog', { name: 'Lies elsewhere' }).getByRole('heading', { name: 'History' }).waitFor();
  await update(elsewhere, { title: 'Renamed elsewhere', description: 'Seen at once' });
  await page.getByRole('dialog', { name: 'Renamed elsewhere' }).getByText('Seen at once', { exact: true }).waitFor();
  await house.ask(amara, 'mutation ($i: DeleteRecordInput!) { deleteRecord(input: $i) { revision } }', { i: { id: elsewhere } });
  await page.getByText('This card is not there').waitFor();

  const won = pipeline().stages.find(({ name }) => name === 'Closed Won')!;
  const id = await make({ title: 'Leaves the board' });
  await page.goto(`${house.url}/w/demo/pipelines/${pipeline().id}?status=OPEN&record=${id}`);
  await page.getByRole('dialog', { name: 'Leaves the board' }).getByRole('heading', { name: 'History' }).waitFor();
  await update(id, { stageId: won.id });
  await expect.poll(() => page.locator(`[data-card="${id}"]`).count(), { timeout: patience }).toBe(0);
  await update(id, { title: 'Won, and gone' });
  await page.getByRole('dialog', { name: 'Won, and gone' }).waitFor();
});

it('the reason of a lost card, its channel and its external id are edited; its open tasks are counted', async () => {
  const lost = house.demo.pipelines[0]!.stages.find(({ name }) => name === 'Closed Lost')!;
  const { panel, id } = await card({ title: 'Gone', stageId: lost.id, lostReason: 'By half', lostReasonKey: 'price' }, (recordId) =>
    house.ask(olivia, 'mutation ($i: CreateTaskInput!) { createTask(input: $i) { revision } }', { i: { recordId, title: 'Call back', dueAt: '2031-05-06T10:00:00Z' } }));
  await panel.getByRole('region', { name: 'Tasks' }).getByText(/1 open, next due .*2031/).waitFor();
  await panel.getByRole('definition').filter({ hasText: 'Price · By half' }).waitFor();
  await panel.getByRole('button', { name: 'Edit', exact: true }).click();
  await panel.getByLabel('Reason').selectOption({ label: 'Timing' });
  await panel.getByLabel('In your own words').fill('Too slow');
  await panel.getByText('More fields').click();
  await panel.getByLabel('Channel').selectOption({ label: 'Telegram' });
  await panel.getByLabel('External id').fill('crm-1');
  await panel.getByRole('button', { name: 'Save', exact: true }).click();
  await panel.getByRole('definition').filter({ hasText: 'Timing · Too slow' }).waitFor();
  await expect.poll(() => read(id, 'lostReason lostReasonKey channel externalId')).toEqual({ lostReason: 'Too slow', lostReasonKey: 'timing', channel: 'TELEGRAM', externalId: 'crm-1' });
});

it('a reason that has left the list stays on the card that has it; without a list reasons are told in words', async () => {
  const lost = house.demo.pipelines[0]!.stages.find(({ name }) => name === 'Closed Lost')!;
  const set = (lostReasons: object[] | null) => house.ask(olivia, 'mutation ($i: UpdateSettingsInput!) { updateSettings(input: $i) { revision } }', { i: { records: { lostReasons } } });
  await set([{ key: 'moved', label: 'Moved away' }, { key: 'shut', label: 'Shut down' }]);
  const id = await make({ title: 'Left the list', stageId: lost.id, lostReasonKey: 'moved' });
  await set([{ key: 'shut', label: 'Shut down' }]);
  const page = await browsers.enter(house, olivia, `/w/demo/pipelines/${pipeline().id}?record=${id}`);
  page.setDefaultTimeout(patience);
  const panel = page.getByRole('dialog', { name: 'Left the list' });
  const reason = panel.getByLabel('Reason');
  await panel.getByRole('definition').filter({ hasText: 'moved' }).waitFor();
  await panel.getByRole('button', { name: 'Edit', exact: true }).click();
  await expect.poll(() => reason.locator('option').allInnerTexts()).toEqual(['None', 'Shut down', 'moved']);
  await accessible(page, 'a reason is chosen');
  await panel.getByLabel('In your own words').fill('To the coast');
  await panel.getByRole('button', { name: 'Save', exact: true }).click();
  await panel.getByRole('definition').filter({ hasText: 'moved · To the coast' }).waitFor();
  // It leaves the list while somebody chooses it.
  await panel.getByRole('button', { name: 'Edit', exact: true }).click();
  await set([]);
  await reason.selectOption({ label: 'Shut down' });
  await panel.getByRole('button', { name: 'Save', exact: true }).click();
  await panel.getByRole('alert').filter({ hasText: 'is none of the reasons' }).waitFor();
  await reason.selectOption({ label: 'None' });
  await panel.getByRole('button', { name: 'Save', exact: true }).click();
  await panel.getByRole('definition').filter({ hasText: /^To the coast$/ }).waitFor();
  await page.reload();
  await panel.getByRole('button', { name: 'Edit', exact: true }).click();
  await reason.fill('To the mountains');
  await panel.getByRole('button', { name: 'Save', exact: true }).click();
  await panel.getByRole('definition').filter({ hasText: 'To the mountains' }).waitFor();
  await expect.poll(() => read(id, 'lostReason lostReasonKey')).toEqual({ lostReason: 'To the mountains', lostReasonKey: null });
  await set(null);
});
