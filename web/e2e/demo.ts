import { afterAll, beforeAll, expect } from 'vitest';
import { Browsers, House, complaints, type Person } from './house';

/** What a test file that imports it has: a house and browsers of its own, and two who see all. At its end nothing was complained of. */
export let house: House;
export let browsers: Browsers;
export let olivia: Person;
export let amara: Person;

beforeAll(async () => {
  [house, browsers] = await Promise.all([House.open(), Browsers.open()]);
  [olivia, amara] = [house.person('OWNER'), house.person('ADMIN')];
});

afterAll(async () => {
  await browsers.close();
  await house.close();
  expect(complaints).toEqual([]);
});

/** read gives fields of a card as the owner sees them; null where there is none. */
export const read = async <T = object>(id: string, fields: string): Promise<T | null> =>
  (await house.ask<{ record: T | null }>(olivia, `query ($id: ID!) { record(id: $id) { ${fields} } }`, { id })).record;
