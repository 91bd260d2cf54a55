import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { accessible } from './axe';
import { browsers, house, olivia } from './demo';
import { column, patience, titles } from './house';

beforeAll(async () => {
  const make = 'mutation ($i: CreateRecordInput!) { createRecord(input: $i) { revision } }';
  const [lead, qualified] = pipeline().stages;
  for (const i of [
    { title: 'Tug', tags: ['harbour'], value: { amount: '100', currency: 'USD' }, expectedCloseDate: '2031-05-01' },
    { title: 'Barge', tags: ['harbour', 'old'], value: { amount: '250', currency: 'USD' }, expectedCloseDate: '2031-06-01', contactName: 'A text is no contact' },
    { title: 'Ferry', tags: ['old'], stageId: qualified!.id, expectedCloseDate: '2020-01-01', contactResolution: 'LINK_OR_CREATE', contactEmail: 'ferry@x.example' },
  ]) await house.ask(olivia, make, { i: { pipelineId: pipeline().id, stageId: lead!.id, ...i } });
});

const pipeline = () => house.demo.pipelines[0]!;
const shown = (page: Page) => page.locator('[data-title]').allInnerTexts();
const rows = (page: Page) => page.locator('td[data-column="title"]').allInnerTexts();
const only = (page: Page, ...names: string[]) => expect.poll(async () => (await shown(page)).map((text) => text.trim()).sort(), { timeout: patience }).toEqual(names);
const params = (page: Page) => Object.fromEntries(new URL(page.url()).searchParams);

async function open(query = '', options = {}) {
  const page = await browsers.enter(house, olivia, `/w/demo/pipelines/${pipeline().id}${query}`, options);
  page.setDefaultTimeout(patience);
  await column(page, 'Lead').waitFor();
  return page;
}

it('more filters stand in the address and as chips, each of which can be taken away', async () => {
  const page = await open();
  await page.getByRole('button', { name: 'More filters' }).click();
  const more = page.getByRole('dialog', { name: 'More filters' });
  await more.getByLabel('One of these tags').fill('harbour, old');
  await only(page, 'Barge', 'Ferry', 'Tug');
  await more.getByRole('checkbox', { name: 'Lead' }).check();
  await only(page, 'Barge', 'Tug');
  await more.getByLabel('Value from').fill('9x');
  await more.getByRole('alert').waitFor();
  await more.getByLabel('Value from').fill('150');
  await more.getByLabel('Currency').fill('usd');
  await only(page, 'Barge');
  await more.getByLabel('Closes until').fill('2031-12-31');
  await more.getByLabel('Contact').selectOption({ label: 'Without a contact' });
  await expect.poll(() => params(page)).toEqual({ tag: 'harbour,old', stage: pipeline().stages[0]!.id, min: '150', currency: 'USD', closeTo: '2031-12-31', contact: 'no' });
  await accessible(page, 'more filters');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'More filters 6 set' }).waitFor();
  const chips = page.getByRole('list', { name: 'Filters that are set' });
  await expect.poll(async () => (await chips.getByRole('listitem').allInnerTexts()).map((text) => text.trim())).toEqual(['Tag harbour', 'Tag old', 'In Lead', 'Without a contact', 'Value from 150 USD', 'Closes until Dec 31, 2031']);
  await accessible(page, 'chips');
  await chips.getByRole('button', { name: 'Take away: Value from 150 USD' }).click();
  await only(page, 'Barge', 'Tug');
  await chips.getByRole('button', { name: 'Take away: Tag old' }).click();
  await chips.getByRole('button', { name: 'Take away: In Lead' }).click();
  await expect.poll(() => params(page)).toEqual({ tag: 'harbour', closeTo: '2031-12-31', contact: 'no' });
  await page.reload();
  await only(page, 'Barge', 'Tug');
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await expect.poll(() => chips.count()).toBe(0);
  await expect.poll(() => params(page)).toEqual({});
});

it('what is overdue, idle, or with a contact is found on the board and in the list, and saved under a name', async () => {
  const page = await open('?tag=old&overdue=yes&contact=yes');
  await only(page, 'Ferry');
  await expect.poll(() => titles(page, 'Qualified')).toEqual(['Ferry']);
  await page.getByRole('button', { name: 'Saved views' }).click();
  await page.getByRole('menuitem', { name: 'Save as a new view' }).click();
  await page.getByLabel('Name').fill('Late old ones');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('button', { name: 'Saved views, now Late old ones' }).waitFor();
  const { savedViews } = await house.ask<{ savedViews: object[] }>(olivia, '{ savedViews { name filter } }');
  expect(savedViews).toContainEqual({ name: 'Late old ones', filter: { tags: { any: ['old'] }, isOverdue: true, contactId: { isNull: false } } });

  await page.goto(`${house.url}/w/demo/pipelines/${pipeline().id}/list`);
  await page.getByRole('button', { name: /^Saved views/ }).click();
  await page.getByRole('menuitemcheckbox', { name: /Late old ones/ }).click();
  await only(page, 'Ferry');
  await expect.poll(() => params(page)).toMatchObject({ tag: 'old', overdue: 'yes', contact: 'yes' });
  await page.getByRole('navigation', { name: 'View' }).getByRole('link', { name: 'List' }).click();
  await expect.poll(async () => (await rows(page)).map((text) => text.trim())).toEqual(['Ferry']);
  await page.getByRole('button', { name: 'More filters 3 set' }).click();
  await page.getByRole('checkbox', { name: 'Overdue' }).uncheck();
  await page.getByRole('checkbox', { name: 'Idle' }).check();
  await page.getByText('No card matches the filters').waitFor();
});

it('a space that was typed stays for the next word', async () => {
  const page = await open();
  const search = page.getByRole('searchbox');
  await search.focus();
  await page.keyboard.type('tug ');
  await expect.poll(() => params(page)).toEqual({ q: 'tug' });
  await only(page, 'Tug');
  await page.keyboard.type('b');
  await expect.poll(() => search.inputValue()).toBe('tug b');
  await expect.poll(() => params(page)).toEqual({ q: 'tug b' });
});

it('an address whose filter is refused leads on without it: the board, the list and the flow', async () => {
  for (const [view, shows] of [['', '[data-card]'], ['/list', 'tr[data-row]'], ['/flow', 'table']]) {
    const page = await browsers.enter(house, olivia, `/w/demo/pipelines/${pipeline().id}${view}?owner=mem_x&currency=XXZ&min=3`);
    page.setDefaultTimeout(patience);
    await page.getByRole('alert').getByRole('button', { name: 'Clear filters' }).click();
    await page.locator(shows!).first().waitFor();
    await expect.poll(() => params(page)).toEqual({});
    await expect.poll(() => page.getByRole('alert').count()).toBe(0);
    await page.context().close();
  }
});

it('is usable and accessible at phone width, in the dark', async () => {
  const page = await browsers.enter(house, olivia, `/w/demo/pipelines/${pipeline().id}/list?tag=harbour`, { viewport: { width: 390, height: 844 }, hasTouch: true, colorScheme: 'dark' });
  page.setDefaultTimeout(patience);
  await page.getByRole('list', { name: 'Filters that are set' }).waitFor();
  await page.getByRole('button', { name: /^More filters/ }).tap();
  await page.getByRole('dialog', { name: 'More filters' }).getByLabel('Closes until').waitFor();
  await accessible(page, 'phone');
  await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
});

/** typedThen types a search and follows a link before typing has paused. */
const typedThen = (page: Page, text: string, link: string) => page.evaluate(async ([text, link]) => {
  const box = document.querySelector<HTMLInputElement>('[role=search] input')!;
  Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')!.set!.call(box, text);
  box.dispatchEvent(new Event('input', { bubbles: true }));
  await new Promise(requestAnimationFrame);
  document.querySelector<HTMLElement>(link!)!.click();
}, [text, link]);

const path = (page: Page) => new URL(page.url()).pathname;
const base = () => `/w/demo/pipelines/${pipeline().id}`;

it('a search goes along to the view that was gone to before typing paused, also when its script takes a while', async () => {
  const page = await open();
  let go = () => {};
  const held = new Promise<void>((resolve) => (go = resolve));
  await page.route('**/assets/*.js', async (route) => (await held, route.continue()));
  await typedThen(page, 'tug', `nav a[href^="${base()}/list"]`);
  await expect.poll(() => [path(page), params(page)]).toEqual([`${base()}/list`, { q: 'tug' }]);
  go();
  await expect.poll(async () => (await rows(page)).map((text) => text.trim()), { timeout: patience }).toEqual(['Tug']);
  expect([path(page), params(page)]).toEqual([`${base()}/list`, { q: 'tug' }]);

  await typedThen(page, 'ferry', `nav a[href^="${base()}?"]`);
  await only(page, 'Ferry');
  expect([path(page), params(page)]).toEqual([base(), { q: 'ferry' }]);
  await expect.poll(() => page.getByRole('searchbox').inputValue()).toBe('ferry');
});

it('a search stays with its pipeline, as all filters do', async () => {
  const page = await open();
  const other = `/w/demo/pipelines/${house.demo.pipelines[1]!.id}`;
  await typedThen(page, 'tug', `nav a[href^="${other}"]`);
  await page.locator('[data-board][aria-busy=false] [data-title]').first().waitFor();
  await expect.poll(() => [path(page), params(page)]).toEqual([other, {}]);
  await expect.poll(() => page.getByRole('searchbox').inputValue()).toBe('');
});

it('a day that there is not is no filter', async () => {
  const page = await open('?closeFrom=2026-13-45&closeTo=2026-02-30&tag=harbour');
  await only(page, 'Barge', 'Tug');
  await expect.poll(async () => (await page.getByRole('list', { name: 'Filters that are set' }).getByRole('listitem').allInnerTexts()).map((text) => text.trim())).toEqual(['Tag harbour']);
});

it.each(['', '/list'])('by keys, what takes filters away hands the focus on: %s', async (view) => {
  const page = await browsers.enter(house, olivia, `${base()}${view}?tag=harbour,old&overdue=yes&owner=me`);
  page.setDefaultTimeout(patience);
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute('aria-label'));
  await page.getByRole('button', { name: 'Take away: Tag old' }).focus();
  await page.keyboard.press('Enter');
  await expect.poll(focused).toBe('Take away: Overdue');
  await page.keyboard.press('Enter');
  await expect.poll(focused).toBe('Take away: Tag harbour');
  await page.keyboard.press('Enter');
  await expect.poll(focused).toBe('Search cards');
  await expect.poll(() => params(page)).toEqual({ owner: 'me' });
  await page.getByRole('button', { name: 'Clear filters' }).first().focus();
  await page.keyboard.press('Enter');
  await expect.poll(() => params(page)).toEqual({});
  await expect.poll(focused).toBe('Search cards');
});
