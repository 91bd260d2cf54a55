import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** accessible finds no serious violation of the rules of WCAG 2.2 A and AA on what is shown now, but for rules that are left out; or of these rules only. */
export async function accessible(page: Page, what: string, except: readonly string[] = [], only?: readonly string[]) {
  await page.evaluate(source);
  const found = await page.evaluate(async ({ except, only }) => {
    const { axe } = window as unknown as { axe: { run: (context: object, options: object) => Promise<{ violations: { id: string; impact: string; nodes: { html: string; failureSummary: string }[] }[] }> } };
    // What is behind a dialog or a menu is looked at without it.
    const front = [...document.querySelectorAll('[role=dialog], [role=alertdialog], [role=menu], .driver-popover')];
    const { violations } = await axe.run(front.length > 0 ? { include: front } : document, { runOnly: only ?? ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] });
    return violations.filter(({ id, impact }) => !except.includes(id) && (impact === 'serious' || impact === 'critical')).map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((n) => n.html.slice(0, 200) + ' ' + n.failureSummary).join('\n  ')}`);
  }, { except, only });
  expect(found, what).toEqual([]);
}
