import { expect, it } from 'vitest';
import { makeFormat } from '../app/format';
import { NEW, changes, rebased, tagsOf, wrongIn, type Draft } from './form';

const draft: Draft = {
  title: 'Cranes', stageId: 'stg_1', amount: '12,00', currency: 'EUR', probability: '', ownerId: 'mem_1', priority: 'LOW', contactId: '', contactName: '', companyId: '', companyName: 'Port', contactEmail: '',
  contactPhone: '', lostReason: '', lostReasonKey: '', channel: '', chatUrl: '', sourceDetail: '', externalId: '', expectedCloseDate: '2026-11-21', tags: 'a, b', description: '',
};

const reading = { format: makeFormat({ locale: 'de', timezone: 'UTC' }), stages: [] };

it('only what was changed is sent, and what was emptied is cleared', () => {
  expect(changes(draft, { ...draft }, reading)).toEqual({});
  expect(changes(draft, { ...draft, title: ' Cranes ' }, reading)).toEqual({});
  expect(changes(draft, { ...draft, companyName: '', ownerId: '', expectedCloseDate: '' }, reading)).toEqual({ companyName: null, ownerId: null, expectedCloseDate: null });
  expect(changes(draft, { ...draft, currency: 'usd' }, reading)).toEqual({ value: { amount: '12.00', currency: 'USD' } });
  expect(changes(draft, { ...draft, amount: '1.234,50' }, reading)).toEqual({ value: { amount: '1234.50', currency: 'EUR' } });
  expect(changes(draft, { ...draft, amount: '' }, reading)).toEqual({ value: null });
  expect(changes(draft, { ...draft, tags: 'b, , c,b' }, reading)).toEqual({ tags: ['b', 'c'] });
});

it('a contact that is linked brings its own texts, and leaves them when it goes', () => {
  const linked = { ...draft, contactId: 'con_1', contactName: 'Ann Ray', contactEmail: 'ann@x.example' };
  expect(changes(draft, linked, reading)).toEqual({ contactId: 'con_1', contactName: null, contactEmail: null, contactPhone: null });
  expect(changes(linked, { ...linked, contactName: 'Other' }, reading)).toEqual({});
  expect(changes(linked, { ...linked, contactId: '' }, reading)).toEqual({ contactId: null, contactName: 'Ann Ray', contactEmail: 'ann@x.example', contactPhone: null });
  expect(changes(draft, { ...draft, contactName: ' Ann Ray' }, reading)).toEqual({ contactName: 'Ann Ray' });
});

it('a contact or a company is made of what was typed', () => {
  const texts = { contactName: null, contactEmail: null, contactPhone: null };
  expect(changes(draft, { ...draft, contactId: NEW, contactName: ' Ann  van Ray ', contactEmail: 'ann@x.example' }, reading)).toEqual({ newContact: { firstName: 'Ann', lastName: 'van Ray', emails: ['ann@x.example'] }, ...texts });
  expect(changes(draft, { ...draft, contactId: NEW, contactName: 'Ann', contactPhone: '+491' }, reading)).toEqual({ newContact: { firstName: 'Ann', phones: ['+491'] }, ...texts });
  expect(changes(draft, { ...draft, companyId: NEW, companyName: 'Quay' }, reading)).toEqual({ newCompany: { name: 'Quay' }, companyName: null });
  expect(changes({ ...draft, companyId: 'com_1' }, draft, reading)).toEqual({ companyId: null, companyName: 'Port' });
});

it('what was typed stays over what others changed, and what belongs together stays together', () => {
  const now = { ...draft, title: 'Theirs', contactId: 'con_2', contactName: 'Bo', contactEmail: 'bo@x.example', currency: 'USD' };
  expect(rebased(draft, draft, now)).toEqual(now);
  expect(rebased(draft, { ...draft, contactName: 'Ann', amount: '5' }, now)).toEqual({ ...now, contactId: '', contactName: 'Ann', contactEmail: '', contactPhone: '', amount: '5', currency: 'EUR' });
});

it('tags are parted by commas, each once', () => expect(tagsOf(' vip ,, new,vip')).toEqual(['vip', 'new']));

it('what the server finds wrong stands at its field', () => {
  const problem = { code: 'VALIDATION_FAILED', message: '', details: [{ field: 'input.value.amount', code: '', message: 'too fine' }, { field: 'input.tags.0', code: '', message: 'too long' }, { field: 'input.newContact.emails[0]', code: '', message: 'no e-mail' }] };
  expect(wrongIn(problem)).toEqual({ amount: 'too fine', tags: 'too long', contactEmail: 'no e-mail' });
  expect(wrongIn(null)).toEqual({});
});
