import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { accessible } from './axe';
import { amara, browsers, house, olivia, read } from './demo';
import { column, patience, stays, type Person } from './house';
import { sizes } from './visit';

const pipeline = () => house.demo.pipelines[0]!;
const cell = (page: Page, row: number, name: string) => page.locator(`tbody tr[aria-rowindex="${row + 2}"] td[data-column="${name}"]`);
const texts = (page: Page, name: string) => page.locator(`td[data-column="${name}"]`).allInnerTexts();
const head = (page: Page, name: string) => page.getByRole('columnheader', { name });
const idOf = async (page: Page, row: number) => (await page.locator(`tbody tr[aria-rowindex="${row + 2}"]`).getAttribute('data-row'))!;

async function open(as: Person, query = '', options = {}) {
  const page = await browsers.enter(house, as, `/w/demo/pipelines/${pipeline().id}/list${query}`, options);
  page.setDefaultTimeout(patience);
  await cell(page, 0, 'title').waitFor();
  return page;
}

/** hold keeps changes of cards from the server until it is told to let them go. */
async function hold(page: Page) {
  let go = () => {};
  const held = new Promise<void>((resolve) => (go = resolve));
  await page.route('**/graphql', async (route) => {
    if (route.request().postData()?.includes('"UpdateRecord"')) await held;
    await route.fallback();
  });
  return go;
}

/** saved lists the changes of cards that a page asks for. */
function saved(page: Page) {
  const seen: string[] = [];
  page.on('request', (request) => request.postData()?.includes('"UpdateRecord"') && seen.push(request.postData()!));
  return seen;
}

it('lists what the board has, in its order, page by page to the last', async () => {
  const page = await open(olivia);
  const total = Number(/[\d,]+/.exec(await page.getByRole('status').filter({ hasText: /^[\d,]+ cards$/ }).innerText())![0].replace(',', ''));
  const { records } = await house.ask<{ records: { totalCount: number } }>(olivia, 'query ($f: RecordFilter) { records(filter: $f) { totalCount } }', { f: { pipelineId: { eq: pipeline().id } } });
  expect(total).toBe(records.totalCount);
  expect(total).toBeGreaterThan(100);
  const grid = page.getByRole('grid');
  await expect.poll(() => grid.getAttribute('aria-rowcount')).toBe(String(total + 1));
  await expect.poll(async () => {
    await grid.locator('xpath=..').evaluate((element) => element.scrollTo(0, element.scrollHeight));
    return page.locator(`tbody tr[aria-rowindex="${total + 1}"]`).count();
  }, { timeout: patience }).toBe(1);
  await expect.poll(() => page.locator('tbody tr[data-row]').count()).toBeLessThan(100); // only what is in view
});

it('sorts by several keys, which stand in the address', async () => {
  const page = await open(olivia);
  await head(page, 'Priority').getByRole('button').click();
  await head(page, 'Priority').getByRole('button').click();
  await head(page, 'Title').getByRole('button').click({ modifiers: ['Shift'] });
  await expect.poll(() => page.url()).toContain('sort=-PRIORITY%2CTITLE');
  await expect.poll(() => head(page, 'Priority').getAttribute('aria-sort')).toBe('descending');
  const ask = 'query ($f: RecordFilter) { records(filter: $f, first: 5, orderBy: [{field: PRIORITY, direction: DESC}, {field: TITLE}]) { nodes { title } } }';
  const { records } = await house.ask<{ records: { nodes: { title: string }[] } }>(olivia, ask, { f: { pipelineId: { eq: pipeline().id } } });
  await expect.poll(async () => (await texts(page, 'title')).slice(0, 5).map((text) => text.trim())).toEqual(records.nodes.map(({ title }) => title));
  await page.reload();
  await cell(page, 0, 'title').waitFor();
  await expect.poll(async () => (await cell(page, 0, 'title').innerText()).trim()).toBe(records.nodes[0]!.title);
});

it('the filters of the board hold in the list, and the other way round', async () => {
  const page = await browsers.enter(house, olivia, `/w/demo/pipelines/${pipeline().id}?priority=URGENT`);
  page.setDefaultTimeout(patience);
  await column(page, 'Lead').waitFor();
  await page.getByRole('navigation', { name: 'View' }).getByRole('link', { name: 'List' }).click();
  await cell(page, 0, 'priority').waitFor();
  await expect.poll(async () => new Set(await texts(page, 'priority'))).toEqual(new Set(['Urgent']));
  await page.getByRole('searchbox').fill('no such card');
  await page.getByText('No card matches the filters').waitFor();
  await expect.poll(() => page.url()).toContain('q=no+such+card');
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await cell(page, 0, 'title').waitFor();
});

it('the view in which somebody left a pipeline is the one it opens in', async () => {
  const page = await browsers.enter(house, amara, `/w/demo/pipelines/${pipeline().id}`);
  page.setDefaultTimeout(patience);
  const kept = page.waitForResponse((response) => response.request().postData()?.includes('viewByPipeline') ?? false);
  await page.getByRole('navigation', { name: 'View' }).getByRole('link', { name: 'List' }).click();
  await kept;
  await page.goto(house.url + '/w/demo/pipelines');
  await cell(page, 0, 'title').waitFor();
  await expect.poll(() => page.url()).toContain('/list');
});

it('keys alone go from cell to cell, edit one, and put it back', async () => {
  const page = await open(olivia);
  const before = (await cell(page, 1, 'title').innerText()).trim();
  await cell(page, 0, 'title').focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.keyboard.type('Written over');
  await page.keyboard.press('Escape');
  await expect.poll(async () => (await cell(page, 1, 'title').innerText()).trim()).toBe(before);
  await expect.poll(() => page.evaluate(() => (document.activeElement as HTMLElement).dataset.at)).toBe('1:0');
  await page.keyboard.press('F2');
  await page.keyboard.type('Renamed in the list');
  await page.keyboard.press('Enter');
  await expect.poll(async () => (await cell(page, 1, 'title').innerText()).trim()).toBe('Renamed in the list');
  await page.keyboard.press('ArrowRight');
  await expect.poll(() => page.evaluate(() => (document.activeElement as HTMLElement).dataset.at)).toBe('1:1');
  await page.keyboard.press('Space');
  await page.getByRole('dialog', { name: 'Renamed in the list' }).waitFor();
});

it('value, priority, owner and day are edited in their cells', async () => {
  const page = await open(olivia);
  const id = await idOf(page, 2);
  await cell(page, 2, 'value').click();
  await page.getByRole('textbox', { name: /^Value/ }).fill('1234.50');
  await page.keyboard.press('Enter');
  await expect.poll(() => cell(page, 2, 'value').innerText()).toContain('1,234.50');
  await cell(page, 2, 'priority').click();
  await page.getByRole('combobox', { name: /^Priority:/ }).selectOption({ label: 'High' });
  await expect.poll(() => cell(page, 2, 'priority').innerText()).toBe('High');
  await cell(page, 2, 'owner').click();
  await page.getByRole('combobox', { name: /^Owner:/ }).selectOption({ label: amara.name });
  await expect.poll(() => cell(page, 2, 'owner').innerText()).toContain(amara.name);
  await cell(page, 2, 'expectedCloseDate').click();
  await page.getByLabel(/^Expected close:/).fill('2031-02-03');
  await page.keyboard.press('Enter');
  await expect.poll(() => cell(page, 2, 'expectedCloseDate').innerText()).toContain('2031');
  await expect.poll(() => read(id, 'value { amount } priority ownerId expectedCloseDate')).toEqual({ value: { amount: '1234.50' }, priority: 'HIGH', ownerId: amara.id, expectedCloseDate: '2031-02-03' });
  await cell(page, 2, 'value').click();
  const value = page.getByRole('textbox', { name: /^Value/ });
  await expect.poll(() => value.inputValue()).toBe('1234.50');
  await value.fill('a lot');
  await page.keyboard.press('Enter');
  await page.getByText('was not changed').first().waitFor();
  const said = (await value.getAttribute('aria-describedby'))!;
  await expect.poll(() => page.locator(`[id="${said}"]`).innerText()).toBe('This is no amount. Write it like 1234.50.');
  await accessible(page, 'a wrong amount');
  await page.keyboard.press('Escape');
  await expect.poll(() => cell(page, 2, 'value').innerText()).toContain('1,234.50');
});

it('choices are walked by keys, and nothing is saved before Enter', async () => {
  const page = await open(olivia);
  const id = await idOf(page, 4);
  await house.ask(olivia, 'mutation ($i: UpdateRecordInput!) { updateRecord(input: $i) { revision } }', { i: { id, priority: 'LOW' } });
  await expect.poll(() => cell(page, 4, 'priority').innerText()).toBe('Low');
  const saves = saved(page);
  await cell(page, 4, 'priority').focus();
  await page.keyboard.press('Enter');
  const select = page.getByRole('combobox', { name: /^Priority:/ });
  await select.waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await expect.poll(() => select.inputValue()).toBe('HIGH');
  expect(saves).toEqual([]);
  await page.keyboard.press('Enter');
  await expect.poll(() => cell(page, 4, 'priority').innerText()).toBe('High');
  await expect.poll(() => page.evaluate(() => (document.activeElement as HTMLElement).dataset.at)).toBe('4:3');
  expect(saves.length).toBe(1);
});

it('a row that is edited stays until that is over, although it matches no more or is deleted', async () => {
  const mutate = (name: string, input: object) => house.ask(amara, `mutation ($i: ${name[0]!.toUpperCase() + name.slice(1)}Input!) { ${name}(input: $i) { revision } }`, { i: input });
  const { createRecord } = await house.ask<{ createRecord: { record: { id: string } } }>(olivia, 'mutation ($i: CreateRecordInput!) { createRecord(input: $i) { record { id } } }', { i: { pipelineId: pipeline().id, title: 'Heron', tags: ['only'] } });
  const { id } = createRecord.record;
  const page = await open(olivia, '?tag=only');
  const row = page.locator(`tr[data-row="${id}"]`);
  await cell(page, 0, 'title').click();
  await page.keyboard.type('Heron, half');
  await mutate('updateRecord', { id, tags: [] });
  await page.getByText('0 cards').waitFor();
  await page.keyboard.type(' and half');
  await page.keyboard.press('Enter');
  await row.waitFor({ state: 'detached' });
  await page.getByRole('heading', { name: 'No card matches the filters' }).waitFor();
  await expect.poll(() => read(id, 'title tags')).toEqual({ title: 'Heron, half and half', tags: [] });

  await mutate('updateRecord', { id, tags: ['only'] });
  await cell(page, 0, 'title').click();
  await page.keyboard.type('Too late');
  await mutate('deleteRecord', { id });
  await page.getByText('0 cards').waitFor();
  await page.keyboard.press('Enter');
  await page.getByText('was not changed').first().waitFor();
  await expect.poll(() => page.getByRole('textbox', { name: /^Title:/ }).inputValue()).toBe('Too late');
  await page.keyboard.press('Escape');
  await row.waitFor({ state: 'detached' });
});

it('what is typed while a save is under way waits for it, and is no conflict with it', async () => {
  const page = await open(olivia);
  const id = await idOf(page, 5);
  const saves = saved(page);
  const answer = await hold(page);
  await cell(page, 5, 'title').click();
  await page.keyboard.type('One');
  await page.keyboard.press('Enter');
  await expect.poll(() => saves.length).toBe(1);
  await page.keyboard.type(' and two');
  await page.keyboard.press('Enter');
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))));
  expect(saves.length).toBe(1);
  answer();
  await expect.poll(async () => (await cell(page, 5, 'title').innerText()).trim()).toBe('One and two');
  await expect.poll(() => read(id, 'title')).toEqual({ title: 'One and two' });
  await expect.poll(() => page.getByRole('dialog').count()).toBe(0);
});

it('an editor stays while one scrolls elsewhere', async () => {
  const page = await open(olivia);
  await cell(page, 2, 'title').click();
  await page.keyboard.type('Typed, and not yet sent');
  await page.mouse.move(700, 500);
  await page.mouse.wheel(0, 3_000);
  await page.locator('tbody tr[aria-rowindex="70"]').waitFor();
  await expect.poll(() => page.getByRole('textbox', { name: /^Title:/ }).inputValue()).toBe('Typed, and not yet sent');
  await page.keyboard.press('Enter');
  await page.mouse.wheel(0, -3_000);
  await expect.poll(async () => (await cell(page, 2, 'title').innerText()).trim()).toBe('Typed, and not yet sent');
});

it('Tab comes to one cell of the grid, wherever one scrolls and goes', async () => {
  const page = await open(olivia);
  const stops = () => page.locator('td[tabindex="0"]').evaluateAll((cells) => cells.map((cell) => (cell as HTMLElement).dataset.at));
  await expect.poll(stops).toEqual(['0:0']);
  await page.mouse.move(700, 500);
  await page.mouse.wheel(0, 3_000);
  await page.locator('tbody tr[aria-rowindex="70"]').waitFor();
  await expect.poll(stops).toEqual(['0:0']);
  await cell(page, 60, 'stage').click();
  await expect.poll(stops).toEqual(['60:1']);
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowRight');
  await expect.poll(stops).toEqual(['61:2']);
  await page.getByRole('searchbox').fill('no such card');
  await page.getByText('No card matches the filters').waitFor();
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await cell(page, 0, 'title').waitFor();
  await expect.poll(async () => (await stops()).length).toBe(1);
});

it('the keys of the list are told in the help sheet', async () => {
  const page = await open(olivia);
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).getByRole('heading', { name: 'In a list' }).waitFor();
});

it('a slow save leaves the editor alone that was begun after it', async () => {
  const page = await open(olivia);
  const answer = await hold(page);
  await cell(page, 3, 'title').click();
  await page.keyboard.type('Saved slowly');
  await cell(page, 3, 'value').click();
  const value = page.getByRole('textbox', { name: /^Value/ });
  await value.fill('77');
  const saved = page.waitForResponse((response) => response.request().postData()?.includes('"UpdateRecord"') ?? false);
  answer();
  await saved;
  await expect.poll(async () => (await cell(page, 3, 'title').innerText()).trim()).toBe('Saved slowly');
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))));
  await expect.poll(() => value.inputValue()).toBe('77');
  await page.keyboard.press('Enter');
  await expect.poll(() => cell(page, 3, 'value').innerText()).toContain('77');
});

it('what others do shows at once: fields, order, and rows that come and go', async () => {
  const page = await open(olivia, '?sort=TITLE');
  const id = await idOf(page, 0);
  const update = (input: object) => house.ask(amara, 'mutation ($i: UpdateRecordInput!) { updateRecord(input: $i) { revision } }', { i: { id, ...input } });
  await update({ priority: 'URGENT' });
  await expect.poll(() => cell(page, 0, 'priority').innerText()).toBe('Urgent');
  await update({ title: 'ZZZ goes to the end' });
  await expect.poll(() => idOf(page, 0), { timeout: patience }).not.toBe(id);
  await house.ask(amara, 'mutation ($i: CreateRecordInput!) { createRecord(input: $i) { revision } }', { i: { pipelineId: pipeline().id, title: '000 comes first' } });
  await expect.poll(async () => (await cell(page, 0, 'title').innerText()).trim()).toBe('000 comes first');
  const first = await idOf(page, 0);
  await house.ask(amara, 'mutation ($i: DeleteRecordInput!) { deleteRecord(input: $i) { revision } }', { i: { id: first } });
  await expect.poll(() => idOf(page, 0)).not.toBe(first);
});

it('an edit that crosses another of the same field asks; one of another field does not', async () => {
  const page = await open(olivia);
  const id = await idOf(page, 0);
  const update = (input: object) => house.ask(amara, 'mutation ($i: UpdateRecordInput!) { updateRecord(input: $i) { revision } }', { i: { id, ...input } });
  await cell(page, 0, 'title').click();
  await update({ tags: ['meanwhile'] });
  await page.keyboard.type('Not in the way');
  await page.keyboard.press('Enter');
  await expect.poll(async () => (await cell(page, 0, 'title').innerText()).trim()).toBe('Not in the way');
  await cell(page, 0, 'title').click();
  await update({ title: 'Hers' });
  await page.keyboard.type('His');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Title was changed meanwhile' });
  await dialog.getByText(`${amara.name} wrote`).waitFor();
  await dialog.getByText('Hers', { exact: true }).waitFor();
  await accessible(page, 'the conflict');
  await dialog.getByRole('button', { name: 'Write mine' }).click();
  await expect.poll(async () => (await cell(page, 0, 'title').innerText()).trim()).toBe('His');
  await expect.poll(() => read(id, 'title')).toEqual({ title: 'His' });
});

it('a conflict shows amounts and days as people write them', async () => {
  const page = await open(olivia);
  const id = await idOf(page, 1);
  const update = (input: object) => house.ask(amara, 'mutation ($i: UpdateRecordInput!) { updateRecord(input: $i) { revision } }', { i: { id, ...input } });
  await cell(page, 1, 'value').click();
  await update({ value: { amount: '1500.25', currency: 'EUR' } });
  await page.getByRole('textbox', { name: /^Value/ }).fill('1,600');
  await page.keyboard.press('Enter');
  const value = page.getByRole('dialog', { name: 'Value was changed meanwhile' });
  await value.waitFor();
  await expect.poll(() => value.getByRole('definition').allInnerTexts()).toEqual(['€1,500.25', '€1,600']);
  await value.getByRole('button', { name: 'Keep what is there' }).click();
  await cell(page, 1, 'expectedCloseDate').click();
  await update({ expectedCloseDate: '2031-02-03' });
  await page.getByLabel(/^Expected close:/).fill('2032-03-04');
  await page.keyboard.press('Enter');
  const day = page.getByRole('dialog', { name: 'Expected close was changed meanwhile' });
  await day.waitFor();
  await expect.poll(async () => (await day.getByRole('definition').allInnerTexts()).map((text) => /\d{4}-/.test(text))).toEqual([false, false]);
});

it('who may not change cards any more is told so, keeps what was typed, and saves it once that is allowed again', async () => {
  const page = await open(amara);
  const permit = (allowed: boolean) => house.ask(olivia, 'mutation ($i: SetMemberPermissionsInput!) { setMemberPermissions(input: $i) { revision } }', { i: { id: amara.id, overrides: [{ permission: 'CAN_EDIT_CRM', allowed }] } });
  const id = await idOf(page, 6);
  await cell(page, 6, 'title').click();
  await page.keyboard.type('Once allowed');
  await permit(false);
  await page.getByRole('button', { name: 'New card' }).waitFor({ state: 'detached' });
  await page.keyboard.press('Enter');
  const title = page.getByRole('textbox', { name: /^Title:/ });
  await expect.poll(() => title.getAttribute('aria-invalid')).toBe('true');
  expect(await page.locator(`[id="${await title.getAttribute('aria-describedby')}"]`).innerText()).toBe('You may not do this.');
  expect(await title.inputValue()).toBe('Once allowed');
  await permit(true);
  await page.getByRole('button', { name: 'New card' }).waitFor();
  await title.press('Enter');
  await expect.poll(() => read(id, 'title')).toEqual({ title: 'Once allowed' });
  await title.waitFor({ state: 'detached' });
});

it('what is typed into a cell is not left without a question: by the way back, and by the browser', async () => {
  const page = await browsers.enter(house, olivia, `/w/demo/pipelines/${pipeline().id}`);
  page.setDefaultTimeout(patience);
  await page.getByRole('navigation', { name: 'View' }).getByRole('link', { name: 'List' }).click();
  await cell(page, 7, 'title').click();
  const saves = saved(page);
  const [title, question] = [page.getByRole('textbox', { name: /^Title:/ }), page.getByRole('dialog', { name: 'Discard changes?' })];
  await page.keyboard.type('Half a title');
  await page.goBack();
  await question.getByRole('button', { name: 'Keep editing' }).click();
  await expect.poll(() => title.evaluate((field) => document.activeElement === field)).toBe(true);
  expect([await title.inputValue(), page.url().includes('/list')]).toEqual(['Half a title', true]);
  await stays(page);
  await page.goBack();
  await question.getByRole('button', { name: 'Discard' }).click();
  await title.waitFor({ state: 'detached' });
  await expect.poll(() => page.url()).not.toContain('/list');
  expect(saves).toEqual([]);
});

it('going elsewhere by a link saves a cell, and asks nothing', async () => {
  const page = await open(olivia);
  const id = await idOf(page, 8);
  await cell(page, 8, 'title').click();
  await page.keyboard.type('Saved on the way');
  await page.getByRole('navigation', { name: 'View' }).getByRole('link', { name: 'Board' }).click();
  await column(page, 'Lead').waitFor();
  await expect.poll(() => read(id, 'title')).toEqual({ title: 'Saved on the way' });
});

it('a row that goes with its edit leaves the focus to the one that took its place', async () => {
  for (const title of ['Focus 1', 'Focus 2', 'Focus 3']) await house.ask(olivia, 'mutation ($i: CreateRecordInput!) { createRecord(input: $i) { revision } }', { i: { pipelineId: pipeline().id, title, priority: 'LOW', tags: ['focus'] } });
  const page = await open(olivia, '?tag=focus&priority=LOW&sort=TITLE');
  const focus = () => page.evaluate(() => (document.activeElement as HTMLElement).dataset.at ?? document.activeElement?.id);
  for (const left of [2, 1, 0]) {
    const gone = await idOf(page, 0);
    await cell(page, 0, 'priority').focus();
    await page.keyboard.press('Enter');
    await page.getByRole('combobox', { name: /^Priority:/ }).selectOption({ label: 'High' });
    await page.locator(`tr[data-row="${gone}"]`).waitFor({ state: 'detached' });
    await expect.poll(focus).toBe(left ? '0:3' : 'content');
  }
  await page.goto(`${house.url}/w/demo/pipelines/${pipeline().id}/list?sort=TITLE`);
  const first = await cell(page, 0, 'title').waitFor().then(() => idOf(page, 0));
  await cell(page, 0, 'title').focus();
  await page.keyboard.press('Enter');
  await page.keyboard.type('ZZZ far away');
  await page.keyboard.press('Enter');
  await page.locator(`tr[data-row="${first}"]`).waitFor({ state: 'detached' });
  await expect.poll(focus).toBe('0:0');
});

it('an empty title and a year that is half typed are refused in words of one’s own, and not sent', async () => {
  const page = await open(olivia);
  const saves = saved(page);
  const told = async (field: ReturnType<Page['locator']>) => {
    await expect.poll(() => field.getAttribute('aria-invalid')).toBe('true');
    return page.locator(`[id="${await field.getAttribute('aria-describedby')}"]`).innerText();
  };
  await cell(page, 9, 'title').click();
  const title = page.getByRole('textbox', { name: /^Title:/ });
  await title.fill(' ');
  await title.press('Enter');
  expect(await told(title)).toBe('Give it a title.');
  await title.press('Escape');
  await cell(page, 9, 'expectedCloseDate').click();
  const day = page.getByLabel(/^Expected close:/);
  await day.fill('0020-02-03');
  await day.press('Enter');
  expect(await told(day)).toBe('Write the year of a day in four digits, like 2026.');
  await day.press('Escape');
  expect(saves).toEqual([]);
});

it('columns are chosen, and are there again after a reload', async () => {
  const page = await open(olivia);
  const kept = page.waitForResponse((response) => response.request().postData()?.includes('tableColumns') ?? false);
  await page.getByRole('button', { name: 'Columns' }).click();
  await page.getByRole('menuitemcheckbox', { name: 'Probability' }).click();
  await page.getByRole('menuitemcheckbox', { name: 'Tags' }).waitFor(); // for the next choice
  await page.keyboard.press('Escape');
  await head(page, 'Probability').waitFor();
  await kept;
  await page.reload();
  await head(page, 'Probability').waitFor();
});

it('why cards are lost has a column, which follows what others do', async () => {
  const lost = pipeline().stages.find(({ name }) => name === 'Closed Lost')!;
  const { createRecord } = await house.ask<{ createRecord: { record: { id: string } } }>(olivia, 'mutation ($i: CreateRecordInput!) { createRecord(input: $i) { record { id } } }', {
    i: { pipelineId: pipeline().id, title: 'Lost in a list', stageId: lost.id, lostReasonKey: 'no_budget', lostReason: 'Until May' },
  });
  const page = await open(olivia, '?q=Lost+in+a+list');
  await page.getByRole('button', { name: 'Columns' }).click();
  await page.getByRole('menuitemcheckbox', { name: 'Reason' }).click();
  await page.keyboard.press('Escape');
  await expect.poll(() => texts(page, 'lostReason'), { timeout: patience }).toEqual(['No budget · Until May']);
  await house.ask(olivia, 'mutation ($i: UpdateRecordInput!) { updateRecord(input: $i) { revision } }', { i: { id: createRecord.record.id, lostReasonKey: 'other' } });
  await expect.poll(() => texts(page, 'lostReason'), { timeout: patience }).toEqual(['Other · Until May']);
});

it('a view is saved, shared, opened by another, changed and deleted', async () => {
  const page = await open(olivia, '?priority=HIGH&sort=-VALUE');
  await page.getByRole('button', { name: 'Saved views' }).click();
  await page.getByRole('menuitem', { name: 'Save as a new view' }).click();
  await page.getByLabel('Name').fill('Hot deals');
  await page.getByLabel('All members may use it').check();
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('button', { name: 'Saved views, now Hot deals' }).waitFor();

  const hers = await browsers.enter(house, amara, `/w/demo/pipelines/${pipeline().id}`);
  hers.setDefaultTimeout(patience);
  await hers.getByRole('button', { name: 'Saved views' }).click();
  await hers.getByRole('menuitemcheckbox', { name: /Hot deals/ }).click();
  await cell(hers, 0, 'priority').waitFor();
  await expect.poll(() => hers.url()).toContain('/list?priority=HIGH&sort=-VALUE');
  await expect.poll(async () => new Set(await texts(hers, 'priority'))).toEqual(new Set(['High']));

  await page.getByLabel('Status').selectOption({ label: 'Open' });
  await expect.poll(() => page.url()).toContain('status=OPEN');
  await page.getByRole('button', { name: /^Saved views/ }).click();
  await page.getByRole('menuitem', { name: 'Save changes to “Hot deals”' }).click();
  await page.getByText('“Hot deals” was saved').first().waitFor();
  const { savedViews } = await house.ask<{ savedViews: object[] }>(olivia, '{ savedViews { name view filter sort { field direction } isShared } }');
  expect(savedViews).toContainEqual({ name: 'Hot deals', view: 'LIST', filter: { priority: { eq: 'HIGH' }, status: { eq: 'OPEN' } }, sort: [{ field: 'VALUE', direction: 'DESC' }], isShared: true });
  await page.getByRole('button', { name: /^Saved views/ }).click();
  await page.getByRole('menuitem', { name: 'Delete this view' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await page.getByText('“Hot deals” was deleted').first().waitFor();
  await expect.poll(() => page.url()).toContain('priority=HIGH');
});

it('a finger opens a card, on a phone', async () => {
  const phone = await open(olivia, '', sizes.phone);
  await cell(phone, 0, 'title').getByRole('button').tap();
  await phone.getByRole('dialog').waitFor();
});
