import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { browsers, house, olivia } from './demo';
import { patience } from './house';

async function open(path: string, options = {}): Promise<Page> {
  const page = await browsers.enter(house, olivia, `/w/demo/${path}`, options);
  page.setDefaultTimeout(patience);
  return page;
}

it('the explorer asks as the present user, from this server alone', async () => {
  const page = await open('pipelines');
  const foreign: string[] = [];
  page.on('request', (request) => !request.url().startsWith(house.url) && !/^(blob|data):/.test(request.url()) && foreign.push(request.url()));
  await page.getByRole('button', { name: /^Menu of/ }).click();
  await page.getByRole('menuitem', { name: 'API explorer' }).click();
  const run = page.getByRole('button', { name: /^Execute query/ });
  await run.waitFor();
  await expect.poll(() => page.getByRole('tab', { name: /TopRecords|Viewer/ }).count(), { timeout: patience }).toBeGreaterThan(1);
  await page.locator('.graphiql-query-editor .view-line').getByText('permissions').waitFor(); // the editor has what it is to run
  await run.click();
  await page.locator('.graphiql-response').getByText('CAN_MANAGE_PIPELINES').first().waitFor();
  await page.getByRole('tab', { name: 'TopRecords' }).click();
  await run.click();
  await page.locator('.graphiql-response').getByText('totalCount').first().waitFor();
  expect(foreign).toEqual([]);
});

it('the explorer follows a theme that is chosen while it is open', async () => {
  const page = await open('explorer');
  await page.getByRole('button', { name: /^Execute query/ }).waitFor();
  const ground = () => page.locator('.graphiql-editors').evaluate((element) => getComputedStyle(element).backgroundColor);
  const light = await ground();
  await page.emulateMedia({ colorScheme: 'dark' });
  await expect.poll(() => page.evaluate(() => document.body.className)).toContain('graphiql-dark');
  await expect.poll(ground).not.toBe(light);
});
