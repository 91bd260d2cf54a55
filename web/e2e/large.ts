import type { Page } from 'playwright-core';
import { column, patience, type House, type Person } from './house';

/** The stages of the large board with how many cards each holds: a thousand. */
export const stages = { Inbound: 420, Contacted: 180, Meeting: 150, Offer: 120, Contract: 80, Handover: 50 };
export const LONG = 'Inbound';
const names = Object.keys(stages);

export interface Large {
  id: string;
  stages: { id: string; name: string }[];
}

const priorities = ['LOW', 'MEDIUM', 'MEDIUM', 'HIGH', 'URGENT'];

/** makeLarge makes a pipeline with a thousand cards over the public API; they are as unlike each other as those of people. */
export async function makeLarge(house: House, as: Person): Promise<Large> {
  const { createPipeline } = await house.ask<{ createPipeline: { pipeline: Large } }>(
    as, 'mutation ($i: CreatePipelineInput!) { createPipeline(input: $i) { pipeline { id stages { id name } } } }', { i: { name: 'Thousand', stages: names.map((name) => ({ name })) } });
  const { contact } = (await house.ask<{ createContact: { contact: { id: string } } }>(
    as, 'mutation ($i: CreateContactInput!) { createContact(input: $i) { contact { id } } }', { i: { firstName: 'Thandi', lastName: 'Mokoena' } })).createContact;
  let made = 0;
  for (const { id, name } of createPipeline.pipeline.stages) {
    const count = stages[name as keyof typeof stages];
    for (let i = 0; i < count; i += 100) {
      const records = Array.from({ length: Math.min(100, count - i) }, () => row(made++, contact.id, house));
      await house.ask(as, 'mutation ($i: CreateRecordsInput!) { createRecords(input: $i) { revision } }', { i: { defaultPipelineId: createPipeline.pipeline.id, defaultStageId: id, records } });
    }
  }
  return createPipeline.pipeline;
}

function row(i: number, contactId: string, house: House) {
  return {
    title: i % 3 ? `Order ${i}` : `Order ${i}: spare parts and a service contract for the northern depots`,
    contactId, priority: priorities[i % priorities.length], ownerId: house.demo.members[i % house.demo.members.length]!.id,
    ...(i % 4 && { value: String(100 + 37 * i), currency: i % 7 ? 'USD' : 'EUR' }),
    ...(i % 5 === 0 && { expectedCloseDate: '2020-02-20' }),
  };
}

/** loadAll scrolls each column to its end and back, so that the page holds every card. */
export async function loadAll(page: Page) {
  for (const stage of names) {
    const count = await countOf(page, stage);
    const scroller = scrollerOf(page, stage);
    const last = column(page, stage).locator(`[data-index="${count - 1}"] [data-card]`);
    for (const until = Date.now() + patience; (await last.count()) === 0;) {
      if (Date.now() > until) throw new Error(`${stage} does not show its last card`);
      await scroller.evaluate((element) => new Promise((resolve) => (element.scrollTo(0, element.scrollHeight), requestAnimationFrame(resolve))));
    }
    await scroller.evaluate((element) => element.scrollTo(0, 0));
    await column(page, stage).locator('[data-index="0"] [data-card]').waitFor();
  }
}

/** countOf is how many cards a column says it has, loaded or not. */
export const countOf = async (page: Page, stage: string) => Number(/, ([\d,]+) card/.exec((await column(page, stage).getAttribute('aria-label'))!)![1]!.replace(',', ''));

export const scrollerOf = (page: Page, stage: string) => column(page, stage).locator('ul').locator('..');

/** foreignMoves makes moves of somebody else, one after another, between the cards that lie on top of the columns. */
export async function foreignMoves(house: House, as: Person, board: Large, count: number) {
  const { board: now } = await house.ask<{ board: { columns: { cards: { nodes: { id: string }[] } }[] } }>(
    as, 'query ($id: ID!) { board(pipelineId: $id) { columns { cards(first: 12) { nodes { id } } } } }', { id: board.id });
  const tops = now.columns.map(({ cards }) => cards.nodes.slice(3).map(({ id }) => id));
  for (let i = 0; i < count; i++) {
    const [from, to] = [i % tops.length, (i + 1 + (i % (tops.length - 1))) % tops.length];
    const recordId = tops[from]![i % tops[from]!.length]!;
    tops[from] = tops[from]!.filter((id) => id !== recordId);
    const afterRecordId = tops[to]![i % tops[to]!.length]!;
    tops[to]!.push(recordId);
    await house.ask(as, 'mutation ($i: MoveRecordInput!) { moveRecord(input: $i) { revision } }', { i: { recordId, toStageId: board.stages[to]!.id, afterRecordId } });
  }
}
