import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { accessible } from './axe';
import { Browsers, House, column, complaints, patience, type Person } from './house';

let house: House;
let browsers: Browsers;
let olivia: Person;
let ann: string;
beforeAll(async () => {
  [house, browsers] = await Promise.all([House.open(), Browsers.open()]);
  olivia = house.person('OWNER');
  const make = 'mutation ($c: CreateContactInput!) { createContact(input: $c) { contact { id } } }';
  const c = { firstName: 'Zara', lastName: 'Quaynor', emails: ['zara@quay.example'], phones: ['+493012345678'] };
  ann = (await house.ask<{ createContact: { contact: { id: string } } }>(olivia, make, { c })).createContact.contact.id;
});
afterAll(async () => {
  await browsers.close();
  await house.close();
  expect(complaints).toEqual([]);
});

const pipeline = () => house.demo.pipelines[0]!;

/** card makes a card by the API, and opens it. */
async function card(input: object, options = {}) {
  const made = await make(input);
  const page = await browsers.enter(house, olivia, `/w/demo/pipelines/${pipeline().id}?record=${made}`, options);
  page.setDefaultTimeout(patience);
  const panel = page.getByRole('dialog');
  await panel.getByRole('heading', { name: 'History' }).waitFor();
  return { page, panel, id: made };
}

async function make(input: object) {
  const { createRecord } = await house.ask<{ createRecord: { record: { id: string } } }>(olivia, 'mutation ($i: CreateRecordInput!) { createRecord(input: $i) { record { id } } }', { i: { pipelineId: pipeline().id, ...input } });
  return createRecord.record.id;
}

async function read<T>(id: string, fields: string) {
  return (await house.ask<{ record: T }>(olivia, `query ($id: ID!) { record(id: $id) { ${fields} } }`, { id })).record;
}

const option = (page: Page, name: string | RegExp) => page.getByRole('option', { name });

it('a card is made with a contact that is found by keys alone, and with a new company', async () => {
  const page = await browsers.enter(house, olivia, `/w/demo/pipelines/${pipeline().id}`);
  page.setDefaultTimeout(patience);
  await column(page, 'Lead').locator('[data-title]').first().waitFor();
  await page.keyboard.press('n');
  const dialog = page.getByRole('dialog', { name: 'New card' });
  await dialog.getByLabel('Title').fill('Linked from the start');
  const contact = dialog.getByRole('combobox', { name: 'Contact' });
  await contact.fill('quaynor');
  await option(page, 'Zara Quaynor zara@quay.example').waitFor();
  expect(await contact.getAttribute('aria-expanded')).toBe('true');
  await accessible(page, 'a contact is looked for');
  await contact.press('ArrowDown');
  const active = (await contact.getAttribute('aria-activedescendant'))!;
  expect(await page.locator(`[id="${active}"]`).getAttribute('aria-selected')).toBe('true');
  await contact.press('Escape');
  expect(await contact.getAttribute('aria-expanded')).toBe('false');
  await contact.press('ArrowDown');
  await option(page, /^Zara/).waitFor();
  await contact.press('ArrowDown');
  await contact.press('Enter');
  const linked = dialog.getByRole('group', { name: 'Contact' });
  await linked.getByText('zara@quay.example').waitFor();
  expect(await dialog.getByLabel('E-mail').count()).toBe(0);
  await expect.poll(() => page.evaluate(() => document.activeElement?.getAttribute('aria-label'))).toBe('Take the link to Zara Quaynor off');
  await dialog.getByRole('combobox', { name: 'Company' }).fill('Quay & Sons of nowhere');
  await option(page, /^New company/).click();
  await dialog.getByText('A new company is made').waitFor();
  await accessible(page, 'what is linked');
  await dialog.getByRole('button', { name: 'New card' }).click();
  const panel = page.getByRole('dialog', { name: 'Linked from the start' });
  await panel.getByRole('link', { name: '+493012345678' }).waitFor();
  const id = new URL(page.url()).searchParams.get('record')!;
  expect(await read(id, 'contactId contactName company { name } contact { company { name } }')).toEqual({
    contactId: ann, contactName: 'Zara Quaynor', company: { name: 'Quay & Sons of nowhere' }, contact: { company: null },
  });
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
  expect(await read(id, 'contactId contactName')).toEqual({ contactId: null, contactName: 'Somebody Else' });
  await (await edit()).fill('+49 30 1234 5678');
  await option(page, /^Zara/).click();
  await save();
  expect(await read(id, 'contactId contactName contactEmail')).toEqual({ contactId: ann, contactName: 'Zara Quaynor', contactEmail: 'zara@quay.example' });
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
  expect(await read(id, 'contactName contactEmail contact { firstName lastName emails phones }')).toEqual({
    contactName: 'Bo van Quay', contactEmail: 'bo@quay.example', contact: { firstName: 'Bo', lastName: 'van Quay', emails: ['bo@quay.example'], phones: [] },
  });
});
