import { expect, it } from 'vitest';
import { changes, tagsOf, wrongIn, type Draft } from './form';

const draft: Draft = {
  title: 'Cranes', stageId: 'stg_1', amount: '12.00', currency: 'EUR', ownerId: 'mem_1', priority: 'LOW', contactName: '', companyName: 'Port', contactEmail: '',
  contactPhone: '', expectedCloseDate: '2026-11-21', tags: 'a, b', description: '',
};

it('only what was changed is sent, and what was emptied is cleared', () => {
  expect(changes(draft, { ...draft })).toEqual({});
  expect(changes(draft, { ...draft, title: ' Cranes ' })).toEqual({});
  expect(changes(draft, { ...draft, companyName: '', ownerId: '', expectedCloseDate: '' })).toEqual({ companyName: null, ownerId: null, expectedCloseDate: null });
  expect(changes(draft, { ...draft, currency: 'usd' })).toEqual({ value: { amount: '12.00', currency: 'USD' } });
  expect(changes(draft, { ...draft, amount: '' })).toEqual({ value: null });
  expect(changes(draft, { ...draft, tags: 'b, , c,b' })).toEqual({ tags: ['b', 'c'] });
});

it('tags are parted by commas, each once', () => expect(tagsOf(' vip ,, new,vip')).toEqual(['vip', 'new']));

it('what the server finds wrong stands at its field', () => {
  const problem = { code: 'VALIDATION_FAILED', message: '', details: [{ field: 'input.value.amount', code: '', message: 'too fine' }, { field: 'input.tags.0', code: '', message: 'too long' }] };
  expect(wrongIn(problem)).toEqual({ amount: 'too fine', tags: 'too long' });
  expect(wrongIn(null)).toEqual({});
});
