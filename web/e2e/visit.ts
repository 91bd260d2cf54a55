import type { Page } from 'playwright-core';
import { Browsers, House } from './house';

/** A screen or dialog of the application: how to get there, and what must be there before it is looked at. */
export interface Screen {
  /** From the address of the first pipeline's board, or from the root. */
  path?: string | ((stock: Stock) => string);
  /** Who looks; nobody has logged in where it is null. */
  as?: 'AGENT' | null;
  /** What happens before the page is opened. */
  before?: (page: Page) => Promise<unknown>;
  go: (page: Page) => Promise<unknown>;
  /** One of those looked at on a large screen as well. */
  main?: true;
  /** Rules of axe that do not hold here, for a reason that is told beside. */
  except?: readonly string[];
  /** What others draw, whose sizes are theirs. */
  foreign?: string;
}

export const sizes = {
  desktop: { viewport: { width: 1440, height: 900 } },
  phone: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true, deviceScaleFactor: 2 },
};

/** What the demo workspace lacks, so that each screen has something to show. */
export interface Stock {
  /** A pipeline without cards, and one with so many that a job is needed for all. */
  empty: string;
  large: string;
  /** A saved view of the first pipeline. */
  view: string;
}

export async function stock(house: House, browsers: Browsers): Promise<Stock> {
  const olivia = house.person('OWNER');
  const make = async (name: string) => (await house.ask<{ createPipeline: { pipeline: { id: string } } }>(olivia, 'mutation ($i: CreatePipelineInput!) { createPipeline(input: $i) { pipeline { id } } }',
    { i: { name, stages: [{ name: 'New' }, { name: 'In talks' }, { name: 'Signed', kind: 'WON' }] } })).createPipeline.pipeline.id;
  const [empty, large, gone] = [await make('Partnerships'), await make('Renewals'), await make('Summer fair')];
  await house.ask(olivia, 'mutation ($i: DeletePipelineInput!) { deletePipeline(input: $i) { revision } }', { i: { id: gone } });
  const { createContact } = await house.ask<{ createContact: { contact: { id: string } } }>(olivia, 'mutation ($i: CreateContactInput!) { createContact(input: $i) { contact { id } } }', { i: { firstName: 'Uma', lastName: 'Devi' } });
  for (let i = 0; i < 600; i += 100) {
    const records = Array.from({ length: 100 }, (_, j) => ({ title: `Renewal ${i + j + 1}`, contactId: createContact.contact.id }));
    await house.ask(olivia, 'mutation ($i: CreateRecordsInput!) { createRecords(input: $i) { revision } }', { i: { defaultPipelineId: large, records } });
  }
  const { createSavedView } = await house.ask<{ createSavedView: { savedView: { id: string } } }>(olivia, 'mutation ($i: CreateSavedViewInput!) { createSavedView(input: $i) { savedView { id } } }',
    { i: { pipelineId: house.demo.pipelines[0]!.id, name: 'Hot deals', view: 'LIST', isShared: true, filter: { priority: { eq: 'HIGH' } }, sort: [{ field: 'VALUE', direction: 'DESC' }] } });
  // Somebody else is there.
  await browsers.enter(house, house.person('ADMIN'));
  return { empty, large, view: createSavedView.savedView.id };
}

/** visit opens a screen in a page of its own. */
export async function visit(page: Page, screen: Screen, house: House, stock: Stock = { empty: '', large: '', view: '' }) {
  page.setDefaultTimeout(15_000);
  const path = typeof screen.path === 'function' ? screen.path(stock) : (screen.path ?? '');
  await screen.before?.(page);
  await page.goto(house.url + (/^\/(w\/|invitation|$)/.test(path) ? path : `/w/demo/pipelines/${house.demo.pipelines[0]!.id}${path}`));
  await screen.go(page);
  await settled(page);
}

/** settled waits until nothing moves any more. */
export async function settled(page: Page) {
  await page.evaluate(async () => {
    await document.fonts.ready;
    const ends = document.getAnimations().filter((animation) => animation.effect?.getComputedTiming().iterations !== Infinity);
    await Promise.allSettled(ends.map((animation) => animation.finished));
    await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  });
}
