import type { Page } from 'playwright-core';
import { beforeAll, expect, it } from 'vitest';
import { browsers, house, olivia } from './demo';
import { drawn, patience } from './house';

const long = 'L'.repeat(65);
const endless = 'W'.repeat(200);
const latin = 'Dry dock!';
const arabic = 'حوض جاف!';
let own: string;

beforeAll(async () => {
  const make = 'mutation ($i: CreatePipelineInput!) { createPipeline(input: $i) { pipeline { id stages { id } } } }';
  const { createPipeline } = await house.ask<{ createPipeline: { pipeline: { id: string; stages: { id: string }[] } } }>(olivia, make, { i: { name: long, stages: [{ name: 'Open' }] } });
  const { id, stages } = createPipeline.pipeline;
  own = id;
  await house.ask(olivia, 'mutation ($i: SetDefaultPipelineInput!) { setDefaultPipeline(input: $i) { revision } }', { i: { id } });
  for (const title of [endless, latin, arabic]) {
    await house.ask(olivia, 'mutation ($i: CreateRecordInput!) { createRecord(input: $i) { revision } }', { i: { pipelineId: id, stageId: stages[0]!.id, title, description: title } });
  }
});

/** open opens the board of the long names, as a language that is written in a direction would have it. */
async function open(dir: string, view = ''): Promise<Page> {
  const context = await browsers.as(house);
  const page = await context.newPage();
  page.setDefaultTimeout(patience);
  await page.addInitScript((dir) => {
    const turn = () => document.documentElement?.setAttribute('dir', dir);
    new MutationObserver(turn).observe(document, { childList: true });
    turn();
  }, dir);
  await page.goto(`${house.url}/w/demo/pipelines/${own}${view}`);
  return page;
}

/** edges are where the first and the last letter of a text stand. */
const edges = (element: ReturnType<Page['locator']>) => element.evaluate((element) => {
  const text = document.createTreeWalker(element, NodeFilter.SHOW_TEXT).nextNode() as Text;
  return [0, text.length - 1].map((at) => {
    const range = document.createRange();
    range.setStart(text, at);
    range.setEnd(text, at + 1);
    return range.getBoundingClientRect().x;
  }) as [number, number];
});

/** gap is how far from where a line begins on the page a text is. */
const gap = (element: ReturnType<Page['locator']>) => element.evaluate((element) => {
  const range = document.createRange();
  range.selectNodeContents(element);
  const [text, around] = [range.getBoundingClientRect(), element.getBoundingClientRect()];
  return Math.round(document.documentElement.dir === 'rtl' ? around.right - text.right : text.left - around.left);
});

for (const dir of ['ltr', 'rtl']) {
  it(`${dir}: a long name of a pipeline is cut, and what stands beside it stays in view`, async () => {
    const page = await open(dir);
    const side = page.getByRole('navigation', { name: 'Pipelines', exact: true }).last();
    const badge = side.getByText('Default', { exact: true });
    await badge.waitFor();
    expect(await side.evaluate((one) => one.scrollWidth - one.clientWidth)).toBe(0);
    const [around, box] = [(await side.boundingBox())!, (await badge.boundingBox())!];
    expect(box.x).toBeGreaterThanOrEqual(around.x);
    expect(box.x + box.width).toBeLessThanOrEqual(around.x + around.width);
  });

  it(`${dir}: a long title stays within the dialog that asks whether to delete it`, async () => {
    const page = await open(dir);
    await drawn(page);
    await page.locator('[data-title]', { hasText: endless }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    const dialog = page.getByRole('dialog', { name: /^Delete/ });
    await dialog.getByRole('heading').waitFor();
    expect(await dialog.evaluate((one) => one.scrollWidth - one.clientWidth)).toBe(0);
  });

  it(`${dir}: what people wrote runs in its own direction, and begins where the page does`, async () => {
    const page = await open(dir);
    await drawn(page);
    const follows = async (element: ReturnType<Page['locator']>, text: string) => {
      const [first, last] = await edges(element);
      expect(text === latin ? first < last : last < first, `${text}: ${first}, ${last}`).toBe(true);
    };
    for (const text of [latin, arabic]) {
      const title = page.locator('[data-title]', { hasText: text });
      await follows(title, text);
      expect(await gap(title)).toBe(0);
      await title.click();
      const panel = page.getByRole('dialog', { name: text });
      await follows(panel.locator('h2').last(), text);
      expect(await gap(panel.locator('h2').last())).toBe(0);
      expect(await gap(panel.locator('dd', { hasText: 'Medium' }))).toBe(0);
      await follows(panel.getByText(text, { exact: true }).last(), text);
      await page.keyboard.press('Escape');
      await panel.waitFor({ state: 'detached' });
    }
    await page.getByRole('navigation', { name: 'View' }).getByRole('link', { name: 'List' }).click();
    for (const text of [latin, arabic]) await follows(page.locator('td[data-column=title] strong', { hasText: text }), text);
  });
}
