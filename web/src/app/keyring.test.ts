import { expect, it } from 'vitest';
import { makeKeyring } from './keyring';

it('the same input has the same key, another has another, and so does another dialog', () => {
  const keyOf = makeKeyring();
  const first = keyOf({ title: 'A' });
  expect(keyOf({ title: 'B' })).not.toBe(first);
  expect(keyOf({ title: 'A' })).toBe(first);
  expect(makeKeyring()({ title: 'A' })).not.toBe(first);
});
