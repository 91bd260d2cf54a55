import { expect, it } from 'vitest';
import { accessible } from './axe';
import { browsers, house, olivia, read } from './demo';
import { column, complain, patience } from './house';

interface Stage {
  name: string;
  kind: string;
  defaultProbability: number | null;
}

/** german opens the first board as a workspace that writes numbers in German. */
async function german() {
  const page = await (await browsers.as(house)).newPage();
  page.setDefaultTimeout(patience);
  complain(page);
  await page.route('**/graphql', async (route) => {
    if (!route.request().postData()?.includes('"Start"')) return route.fallback();
    const answer = await route.fetch();
    return route.fulfill({ response: answer, body: (await answer.text()).replace(/"locale":"[^"]*"/, '"locale":"de"') });
  });
  await page.goto(`${house.url}/w/demo/pipelines/${house.demo.pipelines[0]!.id}`);
  await column(page, 'Lead').locator('[data-title]').first().waitFor();
  return page;
}

it('amounts and probabilities are typed as the workspace writes them, in a new card and in one that is changed', async () => {
  const { pipeline } = await house.ask<{ pipeline: { stages: Stage[] } }>(olivia, 'query ($id: ID!) { pipeline(id: $id) { stages { name kind defaultProbability } } }', { id: house.demo.pipelines[0]!.id });
  const lead = pipeline.stages.find(({ name }) => name === 'Lead')!;
  const proposal = pipeline.stages.find(({ name }) => name === 'Proposal')!;
  const closed = pipeline.stages.find(({ kind }) => kind === 'WON')!;
  const page = await german();
  await page.keyboard.press('n');
  const dialog = page.getByRole('dialog', { name: 'New card' });
  await dialog.getByLabel('Title').fill('In Zahlen');
  await dialog.getByText(`Empty: ${lead.defaultProbability} %`).waitFor();
  await dialog.getByLabel('Value').fill('viel');
  await dialog.getByLabel('Probability').fill('120');
  await dialog.getByRole('button', { name: 'New card' }).click();
  await dialog.getByText('This is no amount. Write it like 1234,50.').waitFor();
  await dialog.getByText('A probability is a whole number from 0 to 100.').waitFor();
  await expect.poll(() => dialog.getByLabel('Probability').evaluate((field) => document.activeElement === field)).toBe(true);
  await accessible(page, 'wrong numbers');
  await dialog.getByLabel('Value').fill('12.345,50');
  await dialog.getByLabel('Probability').fill('35 %');
  await dialog.getByRole('button', { name: 'New card' }).click();
  const panel = page.getByRole('dialog', { name: 'In Zahlen' });
  await panel.getByRole('button', { name: 'Edit', exact: true }).click();
  const id = new URL(page.url()).searchParams.get('record')!;
  await expect.poll(() => read(id, 'value { amount } probability')).toEqual({ value: { amount: '12345.50' }, probability: 35 });
  const edit = page.getByRole('dialog');
  await expect.poll(async () => [await edit.getByLabel('Value').inputValue(), await edit.getByLabel('Probability').inputValue()]).toEqual(['12345,50', '35']);

  // Emptied it is the stage's again; what was not touched is not sent.
  await edit.getByLabel('Probability').fill('');
  await edit.getByRole('button', { name: 'Save', exact: true }).click();
  await expect.poll(() => read(id, 'value { amount } probability')).toEqual({ value: { amount: '12345.50' }, probability: lead.defaultProbability });

  // A closed stage has one that is fixed; with another open one its own comes, unless one was typed.
  await panel.getByRole('button', { name: 'Edit', exact: true }).click();
  await expect.poll(() => edit.getByLabel('Probability').inputValue()).toBe('');
  await edit.getByLabel('Probability').fill('45');
  await edit.getByLabel('Stage').selectOption({ label: closed.name });
  await expect.poll(() => edit.getByLabel('Probability').count()).toBe(0);
  await edit.getByLabel('Stage').selectOption({ label: proposal.name });
  await expect.poll(() => edit.getByLabel('Probability').inputValue()).toBe('45');
  await edit.getByRole('button', { name: 'Save', exact: true }).click();
  await expect.poll(() => read(id, 'stage { name } probability')).toEqual({ stage: { name: 'Proposal' }, probability: 45 });
  await panel.getByRole('button', { name: 'Edit', exact: true }).click();
  await expect.poll(() => edit.getByLabel('Probability').inputValue()).toBe('45');
  await edit.getByLabel('Stage').selectOption({ label: lead.name });
  await edit.getByText(`Empty: ${lead.defaultProbability} %`).waitFor();
  await edit.getByRole('button', { name: 'Save', exact: true }).click();
  await expect.poll(() => read(id, 'stage { name } probability')).toEqual({ stage: { name: 'Lead' }, probability: lead.defaultProbability });
  await panel.getByRole('button', { name: 'Edit', exact: true }).click();
  await edit.getByLabel('Stage').selectOption({ label: closed.name });
  await edit.getByRole('button', { name: 'Save', exact: true }).click();
  await expect.poll(() => read(id, 'stage { name } probability')).toEqual({ stage: { name: closed.name }, probability: 100 });
});
