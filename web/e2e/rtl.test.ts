import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { browsers, house } from './demo';
import { column, complain, drawn, patience, titles } from './house';
import { fits } from './layout';
import { settled, sizes } from './visit';

/** open opens a page as a language that is written from right to left would have it. */
async function open(path: string, size: keyof typeof sizes): Promise<Page> {
  const page = await (await browsers.as(house, 'OWNER', sizes[size])).newPage();
  page.setDefaultTimeout(patience);
  complain(page);
  await page.addInitScript(() => {
    const turn = () => document.documentElement?.setAttribute('dir', 'rtl');
    new MutationObserver(turn).observe(document, { childList: true });
    turn();
  });
  await page.goto(`${house.url}/w/demo/pipelines/${house.demo.pipelines[0]!.id}${path}`);
  return page;
}

const box = async (page: Page, selector: string) => (await page.locator(selector).first().boundingBox())!;

for (const size of ['desktop', 'phone'] as const) {
  const { width } = sizes[size].viewport;

  it(`${size}: the board goes from the right to the left, and the card slides in from the left`, async () => {
    const page = await open('', size);
    await drawn(page);
    const [first, second] = [(await column(page, 'Lead').boundingBox())!, (await column(page, 'Qualified').boundingBox())!];
    expect(second.x + second.width).toBeLessThan(first.x);
    expect(first.x + first.width).toBeLessThanOrEqual(width);
    await fits(page, 'board', width, '');

    const [title] = await titles(page, 'Lead');
    await column(page, 'Lead').locator('[data-title]').first().focus();
    await page.keyboard.press('Space');
    await page.keyboard.press('ArrowLeft');
    await page.getByText('Qualified, place 1 of').waitFor({ state: 'attached' });
    await page.keyboard.press('ArrowRight');
    await page.getByText('Lead, place 1 of').waitFor({ state: 'attached' });
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Space');
    await expect.poll(async () => (await titles(page, 'Qualified'))[0], { timeout: patience }).toBe(title);

    await column(page, 'Lead').locator('[data-title]').first().click();
    await page.getByRole('heading', { name: 'History' }).waitFor();
    await settled(page);
    await expect.poll(async () => (await box(page, '[role=dialog]')).x).toBe(0);
    await fits(page, 'panel', width, '');
    await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    const dialog = page.getByRole('dialog', { name: /^Delete/ });
    await dialog.waitFor();
    await settled(page);
    const { x, width: wide } = (await dialog.boundingBox())!;
    expect(Math.abs(x + wide / 2 - width / 2)).toBeLessThan(1);
  });

  it(`${size}: the list begins at the right, and its keys go the way they point`, async () => {
    const page = await open('/list', size);
    await page.locator('tr[data-row]').first().waitFor();
    const title = await box(page, 'td[data-column=title]');
    expect(title.x).toBeGreaterThan((await box(page, 'td[data-column=stage]')).x);
    expect(title.x + title.width).toBeLessThanOrEqual(width);
    await fits(page, 'list', width, '');
    await page.locator('[data-at="0:0"]').focus();
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => page.evaluate(() => (document.activeElement as HTMLElement).dataset.at)).toBe('0:1');
  });
}
