import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { amara, browsers, house, olivia } from './demo';
import { column, drawn, patience, titles, type Person } from './house';

async function open(as: Person, query = '') {
  const page = await browsers.enter(house, as, `/w/demo/pipelines/${house.demo.pipelines[0]!.id}${query}`);
  page.setDefaultTimeout(patience);
  await drawn(page);
  return page;
}

/** drag moves a card by mouse to the middle of a column. */
async function drag(page: Page, title: string, to: string) {
  const card = page.locator('[data-card]', { hasText: title }).first();
  const from = (await card.boundingBox())!;
  const target = (await column(page, to).boundingBox())!;
  await page.mouse.move(from.x + from.width / 2, from.y + 30);
  await page.mouse.down();
  await page.mouse.move(from.x + from.width / 2 + 12, from.y + 40, { steps: 3 });
  await page.mouse.move(target.x + target.width / 2, target.y + 130, { steps: 8 });
  await page.mouse.up();
}

const seen = (page: Page, stage: string, title: string) => expect.poll(() => titles(page, stage), { timeout: patience }).toContain(title);
const count = async (page: Page, stage: string) => Number(/, ([\d,]+) card/.exec((await column(page, stage).getAttribute('aria-label'))!)![1]!.replace(',', ''));

it('a drag in one browser is seen in the other, with counts', async () => {
  const [mine, hers] = await Promise.all([open(olivia), open(amara)]);
  const [title] = await titles(mine, 'Lead');
  const [lead, qualified] = [await count(hers, 'Lead'), await count(hers, 'Qualified')];
  await drag(mine, title!, 'Qualified');
  await seen(mine, 'Qualified', title!);
  await seen(hers, 'Qualified', title!);
  await expect.poll(() => titles(hers, 'Lead')).not.toContain(title);
  await expect.poll(() => count(hers, 'Lead')).toBe(lead - 1);
  await expect.poll(() => count(mine, 'Qualified')).toBe(qualified + 1);
});

it('keys alone move a card, and say where it is', async () => {
  const page = await open(olivia);
  const [title] = await titles(page, 'Lead');
  await column(page, 'Lead').locator('[data-title]').first().focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('ArrowRight');
  await page.getByText(new RegExp(`Qualified, place 1 of`)).waitFor({ state: 'attached' });
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Space');
  await expect.poll(async () => (await titles(page, 'Qualified'))[1]).toBe(title);
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe(title);
  await page.keyboard.press('Space');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Escape');
  await expect.poll(async () => (await titles(page, 'Qualified'))[1]).toBe(title);
});

it('a finger moves a card', async () => {
  const page = await browsers.enter(house, olivia, `/w/demo/pipelines/${house.demo.pipelines[0]!.id}`, { hasTouch: true });
  await drawn(page);
  const [title] = await titles(page, 'Lead');
  const from = (await page.locator('[data-card]', { hasText: title! }).first().boundingBox())!;
  const to = (await column(page, 'Proposal').boundingBox())!;
  const client = await page.context().newCDPSession(page);
  const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', points: { x: number; y: number }[]) => client.send('Input.dispatchTouchEvent', { type, touchPoints: points });
  await touch('touchStart', [{ x: from.x + 60, y: from.y + 30 }]);
  await page.locator('[data-dragging]').waitFor();
  await touch('touchMove', [{ x: from.x + 80, y: from.y + 40 }]);
  await touch('touchMove', [{ x: to.x + 120, y: to.y + 120 }]);
  await touch('touchMove', [{ x: to.x + 121, y: to.y + 122 }]);
  await touch('touchEnd', []);
  await seen(page, 'Proposal', title!);
});

it('a move that crosses another is not made, and says who was faster', async () => {
  const page = await open(olivia);
  const id = (await column(page, 'Lead').locator('[data-card]').first().getAttribute('data-card'))!;
  const [title] = await titles(page, 'Lead');
  const stage = house.demo.pipelines[0]!.stages[3]!;
  await page.context().setOffline(false);
  // What she does is committed before his request arrives, and its frame after.
  await page.route('**/graphql', async (route) => {
    if (!route.request().postData()?.includes('"MoveCard"')) return route.continue();
    await house.ask(amara, 'mutation ($i: MoveRecordInput!) { moveRecord(input: $i) { revision } }', { i: { recordId: id, toStageId: stage.id } });
    await route.continue();
  });
  await drag(page, title!, 'Qualified');
  await page.getByText(`${amara.name} moved it to ${stage.name}`).first().waitFor();
  await seen(page, stage.name, title!);
  await expect.poll(() => titles(page, 'Qualified')).not.toContain(title);
});

it('the server is killed and comes back: the board says so, and has what was missed', async () => {
  const page = await open(olivia);
  const stage = house.demo.pipelines[0]!.stages[1]!;
  const card = column(page, 'Lead').locator('[data-card]').first();
  const [id, title] = [(await card.getAttribute('data-card'))!, (await titles(page, 'Lead'))[0]!];
  await page.getByText('Live', { exact: true }).waitFor();
  const box = (await card.boundingBox())!;
  await page.mouse.move(box.x + 80, box.y + 30);
  await page.mouse.down();
  await page.mouse.move(box.x + 120, box.y + 60, { steps: 4 });
  await house.kill();
  await page.getByText('Offline', { exact: true }).waitFor();
  await page.mouse.up();
  await house.start();
  await house.ask(amara, 'mutation ($i: MoveRecordInput!) { moveRecord(input: $i) { revision } }', { i: { recordId: id, toStageId: stage.id } });
  await page.getByText('Live', { exact: true }).waitFor();
  await seen(page, stage.name, title);
});

it('filters stand in the address, and a card that ceases to match says why it left', async () => {
  const page = await open(olivia, '?owner=me');
  const card = column(page, 'Lead').locator('[data-card]').first();
  const [id, title] = [(await card.getAttribute('data-card'))!, (await titles(page, 'Lead'))[0]!];
  await expect.poll(() => page.getByLabel('Owner').inputValue()).toBe('me');
  await house.ask(amara, 'mutation ($i: AssignRecordInput!) { assignRecord(input: $i) { revision } }', { i: { recordId: id, ownerId: amara.id } });
  await page.getByText(`“${title}” does not match your filters any more: ${amara.name} changed it.`).first().waitFor();
  await expect.poll(() => titles(page, 'Lead')).not.toContain(title);
  await page.getByLabel('Search cards').fill('no such card anywhere');
  await page.getByText('No card matches the filters').waitFor();
  await expect.poll(() => page.url()).toContain('q=no+such+card+anywhere');
  await page.getByRole('button', { name: 'Clear filters' }).click();
  await seen(page, 'Lead', title);
});

it('a long column loads its further pages as it is scrolled', async () => {
  const page = await open(olivia);
  const stage = 'Closed Won';
  const all = await count(page, stage);
  expect(all).toBeGreaterThan(50);
  const scroller = column(page, stage).locator('ul').locator('..');
  await expect.poll(async () => {
    await scroller.evaluate((element) => element.scrollTo(0, element.scrollHeight));
    return column(page, stage).locator('[data-index]').last().getAttribute('data-index');
  }, { timeout: patience, interval: 100 }).toBe(String(all - 1));
});

it('a card is made, changed, and deleted', async () => {
  const page = await open(olivia);
  await page.keyboard.press('n');
  await page.getByRole('dialog', { name: 'New card' }).getByLabel('Title').fill('Harbour cranes');
  await page.getByLabel('Value').fill('12.345');
  await page.getByRole('button', { name: 'New card' }).last().click();
  await page.getByRole('alert').first().waitFor();
  await expect.poll(() => page.getByLabel('Value').evaluate((field) => document.activeElement === field)).toBe(true);
  await page.getByLabel('Value').fill('1234.50');
  await page.getByRole('button', { name: 'New card' }).last().click();
  await seen(page, 'Lead', 'Harbour cranes');
  const panel = page.getByRole('dialog', { name: 'Harbour cranes' });
  await panel.getByRole('button', { name: 'Edit' }).click();
  await page.getByLabel('Title').fill('Harbour cranes, painted');
  await page.getByLabel('Stage').selectOption({ label: 'Proposal' });
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await seen(page, 'Proposal', 'Harbour cranes, painted');
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('dialog', { name: /^Delete/ }).getByRole('button', { name: 'Delete' }).click();
  await expect.poll(() => titles(page, 'Proposal')).not.toContain('Harbour cranes, painted');
});

it('an address without a board says so, and one that is deleted while it is watched too; both lead on', async () => {
  const page = await browsers.enter(house, olivia, '/w/demo/pipelines/pip_01m7z77qamemjre7gm8dkr4ke9');
  page.setDefaultTimeout(patience);
  await page.getByRole('heading', { name: 'This board was not found' }).waitFor();
  await page.getByRole('link', { name: 'Go to your boards' }).click();
  await drawn(page);
  const { createPipeline } = await house.ask<{ createPipeline: { pipeline: { id: string } } }>(amara, 'mutation ($i: CreatePipelineInput!) { createPipeline(input: $i) { pipeline { id } } }', { i: { name: 'Short', stages: [{ name: 'Only' }] } });
  await page.goto(`${house.url}/w/demo/pipelines/${createPipeline.pipeline.id}`);
  await column(page, 'Only').waitFor();
  // The way on is free although the list of boards has not been read again.
  await page.route('**/graphql', (route) => (route.request().postData()?.includes('"Pipelines"') ? undefined : route.fallback()));
  await house.ask(amara, 'mutation ($i: DeletePipelineInput!) { deletePipeline(input: $i) { revision } }', { i: { id: createPipeline.pipeline.id } });
  await page.getByRole('heading', { name: 'This board was deleted' }).waitFor();
  await page.getByRole('link', { name: 'Go to your boards' }).click();
  await drawn(page);
});

it('a theme is chosen in the menu, and stays', async () => {
  const page = await open(olivia);
  const theme = () => page.evaluate(() => document.documentElement.dataset.theme);
  for (const name of ['Dark', 'Light', 'As the system']) {
    const kept = page.waitForResponse((response) => response.request().postData()?.includes('"SavePreferences"') ?? false);
    await page.getByRole('button', { name: /^Menu of/ }).click();
    await page.getByRole('menuitemcheckbox', { name }).click();
    await kept;
    await expect.poll(theme).toBe(name === 'Dark' ? 'dark' : 'light');
    await page.reload();
    await drawn(page);
    await expect.poll(theme).toBe(name === 'Dark' ? 'dark' : 'light');
  }
});

it('cards that one may not see any more leave the board, and it says why', async () => {
  const ben = house.person('AGENT');
  const page = await open(ben);
  const before = await count(page, 'Lead');
  await house.ask(olivia, 'mutation ($i: SetMemberPermissionsInput!) { setMemberPermissions(input: $i) { revision } }', {
    i: { id: ben.id, overrides: [{ permission: 'CAN_SEE_ALL_RECORDS', allowed: false }] },
  });
  await page.getByText('cards left your sight').first().waitFor();
  await expect.poll(() => count(page, 'Lead'), { timeout: patience }).toBeLessThan(before);
});

it('what one may do is offered as soon as one may, and no longer', async () => {
  const agent = house.demo.members.find(({ role }) => role === 'AGENT')!;
  const page = await browsers.enter(house, agent);
  page.setDefaultTimeout(patience);
  const create = page.getByRole('button', { name: 'New card' }).first();
  await create.waitFor();
  const become = (role: string) => house.ask(olivia, 'mutation ($i: SetMemberRoleInput!) { setMemberRole(input: $i) { revision } }', { i: { id: agent.id, role } });
  await become('PROJECT_MANAGER');
  await create.waitFor({ state: 'detached' });
  await become('AGENT');
  await create.waitFor();
});

it('a session that is ended elsewhere leads back to the gate at once', async () => {
  const page = await open(olivia);
  const { sessions } = await house.ask<{ sessions: { id: string; isCurrent: boolean }[] }>(amara, '{ sessions { id isCurrent } }');
  const hers = await open(amara);
  await house.ask(amara, 'mutation ($i: EndSessionInput!) { endSession(input: $i) { id } }', { i: { id: sessions.find(({ isCurrent }) => isCurrent)!.id } });
  await hers.getByText('Your session has ended').waitFor();
  await page.getByText('Live', { exact: true }).waitFor();
});

it('the board takes less than 250 kB of script', async () => {
  const context = await browsers.context();
  await context.addCookies([{ name: 'tideboard', value: olivia.token, url: house.url }]);
  await house.ask(olivia, 'mutation ($i: UpdatePreferencesInput!) { updatePreferences(input: $i) { preferences { tourFinished } } }', { i: { tourFinished: true } }); // it is loaded when it begins
  const page = await context.newPage();
  const sizes = new Map<string, number>();
  page.on('response', (response) => {
    if (response.url().endsWith('.js')) sizes.set(response.url(), Number(response.headers()['content-length']));
    if (response.url().endsWith('.js') && Number(response.headers()['content-length']) > 500) expect(response.headers()['content-encoding']).toBe('gzip');
  });
  await page.goto(`${house.url}/w/demo/pipelines/${house.demo.pipelines[0]!.id}`);
  await drawn(page);
  await page.waitForLoadState('networkidle');
  expect(sizes.size).toBeGreaterThan(1);
  expect([...sizes.values()].reduce((sum, size) => sum + size, 0)).toBeLessThan(250_000);
});
