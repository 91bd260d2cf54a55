import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** accessible finds no serious violation of the rules of WCAG 2.2 A and AA on what is shown now, but for rules that are left out. */
export async function accessible(page: Page, what: string, except: readonly string[] = []) {
  await page.evaluate(source);
  const found = await page.evaluate(async (except) => {
    const { axe } = window as unknown as { axe: { run: (options: object) => Promise<{ violations: { id: string; impact: string; nodes: { html: string; failureSummary: string }[] }[] }> } };
    const { violations } = await axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] });
    return violations.filter(({ id, impact }) => !except.includes(id) && (impact === 'serious' || impact === 'critical')).map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((n) => n.html.slice(0, 200) + ' ' + n.failureSummary).join('\n  ')}`);
  }, except);
  expect(found, what).toEqual([]);
}
