import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { browsers, house, olivia } from './demo';
import { patience } from './house';
import { sizes } from './visit';

async function open(path: string, options = {}): Promise<Page> {
  const page = await browsers.enter(house, olivia, `/w/demo/${path}`, options);
  page.setDefaultTimeout(patience);
  return page;
}

const board = () => house.demo.pipelines[0]!;

it('the flow shows stages and ways, and follows what happens', async () => {
  const page = await open(`pipelines/${board().id}/flow`);
  const ways = page.getByRole('table', { name: 'Ways between them' });
  const [from, to] = [board().stages[0]!, board().stages[2]!];
  const row = ways.getByRole('row').filter({ has: page.getByRole('rowheader', { name: from.name, exact: true }) }).filter({ has: page.getByRole('cell', { name: to.name, exact: true }) });
  await page.getByRole('group', { name: /^How cards went through/ }).waitFor();
  await ways.waitFor();
  const went = async () => ((await row.count()) === 0 ? 0 : Number(await row.getByRole('cell').nth(1).innerText()));
  const before = await went();
  const { records } = await house.ask<{ records: { nodes: { id: string }[] } }>(olivia, 'query ($f: RecordFilter) { records(filter: $f, first: 1) { nodes { id } } }', { f: { stageId: { eq: from.id } } });
  await house.ask(olivia, 'mutation ($i: MoveRecordInput!) { moveRecord(input: $i) { revision } }', { i: { recordId: records.nodes[0]!.id, toStageId: to.id } });
  await expect.poll(went, { timeout: patience }).toBe(before + 1);

  const { flow } = await house.ask<{ flow: { nodes: { stage: { name: string }; count: number; entered: number; left: number }[] } }>(olivia, 'query ($p: ID!) { flow(pipelineId: $p) { nodes { stage { name } count entered left } } }', { p: board().id });
  const stages = page.getByRole('table', { name: 'Stages' });
  for (const { stage, count, entered, left } of flow.nodes) {
    const cells = await stages.getByRole('row').filter({ has: page.getByRole('rowheader', { name: stage.name, exact: true }) }).getByRole('cell').allInnerTexts();
    expect([cells[0], cells[3], cells[4]].map((text) => Number(text!.replace(',', '')))).toEqual([count, entered, left]);
  }
  const box = (await stages.boundingBox())!;
  await expect.poll(async () => (await stages.locator('xpath=..').boundingBox())!.height).toBeGreaterThanOrEqual(box.height); // nothing of it is cut off
  await expect.poll(() => page.locator('.react-flow__node').count()).toBe(flow.nodes.length);
  await expect.poll(() => page.locator('.react-flow__edge').count()).toBeGreaterThan(0);
});

it.each(['desktop', 'phone'] as const)('what the lines say lies on no stage and on nothing else, and what it means stands below: %s', async (size) => {
  const page = await open(`pipelines/${board().id}/flow`, sizes[size]);
  await page.locator('[data-way]').first().waitFor();
  await page.getByText('On a line: how many cards went that way').waitFor();
  const boxes = await page.locator('[data-way], .react-flow__node').evaluateAll((all) => all.map((element) => {
    const { left, top, right, bottom } = element.getBoundingClientRect();
    return { text: element.textContent!, left, top, right, bottom, cut: element.matches('[data-way]') && element.scrollWidth > element.clientWidth };
  }));
  expect(boxes.flatMap((a, i) => boxes.slice(i + 1).filter((b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom).map((b) => `${a.text} on ${b.text}`))).toEqual([]);
  expect(boxes.filter(({ cut }) => cut)).toEqual([]);
  await expect.poll(() => page.locator('[data-way]').count()).toBe(await page.locator('.react-flow__edge').count());
  await expect.poll(async () => (await page.locator('[data-way]').allTextContents()).filter((text) => !/^[\d,]+ · \d+ (minute|hour|day|month)s?$/.test(text))).toEqual([]);
});

it('a range is picked and stands in the address, beside the filters', async () => {
  const page = await open(`pipelines/${board().id}/flow`);
  await page.getByRole('table', { name: 'Stages' }).waitFor();
  await page.getByLabel('From', { exact: true }).fill('2001-01-01');
  await page.getByLabel('To', { exact: true }).fill('2001-01-31');
  await page.getByText('No card went anywhere in these days.').waitFor();
  await expect.poll(() => page.url()).toContain('from=2001-01-01&to=2001-01-31');
  await page.getByRole('combobox', { name: 'Range of days' }).selectOption({ label: 'Last 365 days' });
  await expect.poll(() => page.getByRole('table', { name: 'Ways between them' }).getByRole('row').count()).toBeGreaterThan(2);
  await page.getByRole('searchbox').fill('no such card');
  await page.getByText('No card went anywhere in these days.').waitFor();
});

it('days that there are not leave the usual range', async () => {
  const page = await open(`pipelines/${board().id}/flow?from=2026-13-45&to=2026-02-30`);
  await page.getByRole('table', { name: 'Stages' }).waitFor();
  await expect.poll(() => page.getByRole('combobox', { name: 'Range of days' }).inputValue()).toBe('30');
});

it('a page that breaks promises no number where there is none', async () => {
  const page = await (await browsers.as(house)).newPage(); // which will complain
  page.setDefaultTimeout(patience);
  await page.route('**/graphql', async (route) => {
    if (!route.request().postData()?.includes('"FlowOf"')) return route.continue();
    const response = await route.fetch();
    const answer = (await response.json()) as { data?: { flow?: object } };
    if (answer.data?.flow) answer.data.flow = { ...answer.data.flow, edges: null };
    await route.fulfill({ response, json: answer });
  });
  await page.goto(`${house.url}/w/demo/pipelines/${board().id}/flow`);
  await page.getByRole('heading', { name: 'This page could not be shown' }).waitFor();
  const main = await page.getByRole('main').innerText();
  expect(main).toContain('Reload it.');
  expect(main).not.toMatch(/number|Request/);
});
