import { expect, it } from 'vitest';
import { makeFormat } from '../app/format';
import { saying } from './saying';

const known = { stage: (id: string) => ({ a: 'Lead', b: 'Won' })[id], pipeline: () => undefined, person: () => 'Amara', reason: (key: string) => ({ price: 'Price' })[key] };
const format = makeFormat({ locale: 'en-GB', timezone: 'UTC' });
const say = (field: string, from: unknown, to: unknown) => saying({ field, from, to }, known, format);

it('a change of a field is told in words', () => {
  expect(say('stageId', 'a', 'b')).toBe('stage: Lead → Won');
  expect(say('value', null, { amount: '12.50', currency: 'EUR' })).toBe('value: €12.50');
  expect(say('ownerId', 'm', null)).toBe('owner: Amara taken away');
  expect(say('lostReasonKey', 'gone', 'price')).toBe('reason: gone → Price');
  expect(say('tags', [], ['vip', 'new'])).toBe('tags: vip and new');
  expect(say('customFields', {}, { a: 1 })).toBe('custom fields changed');
  expect(say('rank', 'a', 'b')).toBeNull();
});
