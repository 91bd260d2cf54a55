import { expect, it } from 'vitest';
import { makeFormat } from '../app/format';
import type { PipelineFieldsFragment } from '../gql/types';
import { unreadIn } from './unread';

const stages = [{ id: 'open', kind: 'OPEN' }, { id: 'won', kind: 'WON' }] as unknown as PipelineFieldsFragment['stages'];
const reading = { format: makeFormat({ locale: 'de', timezone: 'UTC' }), stages };
const fine = { title: 'Cranes', stageId: 'open', amount: '', probability: '', expectedCloseDate: '', tags: '' };
const wrong = (change: Partial<typeof fine>, before: typeof fine | null = null) => unreadIn({ ...fine, ...change }, before, reading)?.details?.map(({ field }) => field) ?? null;

it('what cannot be understood is told at its field', () => {
  expect(wrong({})).toBeNull();
  expect(wrong({ amount: '1.234,50', probability: '20', expectedCloseDate: '2026-02-03', tags: 'a, b' })).toBeNull();
  expect(wrong({ title: ' ', amount: 'a lot', probability: '200', expectedCloseDate: '0001-01-01' })).toEqual(['title', 'value', 'probability', 'expectedCloseDate']);
  expect(wrong({ amount: '1', probability: '200', stageId: 'won' })).toBeNull();
});

it('of tags it tells which is too long', () => {
  expect(wrong({ tags: 'ü'.repeat(50) })).toBeNull();
  expect(unreadIn({ ...fine, tags: `a, ${'b'.repeat(51)}` }, null, reading)?.message).toBe(`“${'b'.repeat(51)}” is too long: a tag has at most 50 characters.`);
});

it('a stage that is not there is chosen anew, except where a card had it: where that went the server knows', () => {
  expect(wrong({ stageId: 'gone' })).toEqual(['stageId']);
  expect(wrong({ stageId: 'gone' }, fine)).toEqual(['stageId']);
  expect(wrong({ stageId: 'gone' }, { ...fine, stageId: 'gone' })).toBeNull();
});

it('a day that a card has already is nobody’s mistake here', () => {
  expect(wrong({ expectedCloseDate: '0001-01-01' }, { ...fine, expectedCloseDate: '0001-01-01' })).toBeNull();
});
