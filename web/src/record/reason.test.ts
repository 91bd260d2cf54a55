import { expect, it } from 'vitest';
import { given, isGiven, noReason, told } from './reason';

const reasons = [{ __typename: 'LostReason', key: 'price', label: 'Price' }] as const;

it('a reason is given by its key, in words, or both; what is empty is not sent', () => {
  expect([given(noReason), isGiven(noReason)]).toEqual([{}, false]);
  expect(given({ lostReason: ' Too dear ', lostReasonKey: '' })).toEqual({ lostReason: 'Too dear' });
  expect([given({ lostReason: '  ', lostReasonKey: 'price' }), isGiven({ lostReason: '  ', lostReasonKey: 'price' })]).toEqual([{ lostReasonKey: 'price' }, true]);
  expect(given({ lostReason: 'Too dear', lostReasonKey: 'price' })).toEqual({ lostReason: 'Too dear', lostReasonKey: 'price' });
});

it('a reason is told by its label and in words, and by its key once it has left the list', () => {
  expect(told({ lostReason: null, lostReasonKey: null }, reasons)).toBe('');
  expect(told({ lostReason: 'By half', lostReasonKey: 'price' }, reasons)).toBe('Price · By half');
  expect(told({ lostReason: null, lostReasonKey: 'gone' }, reasons)).toBe('gone');
});
