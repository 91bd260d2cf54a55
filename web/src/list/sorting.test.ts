import { expect, it } from 'vitest';
import { asOrder, readSort, writeSort } from './sorting';

it('an address says the order, each key once, and nothing that there is not', () => {
  const keys = readSort('?q=a&sort=-VALUE,TITLE,SECRET,VALUE');
  expect(keys).toEqual([{ field: 'VALUE', desc: true }, { field: 'TITLE', desc: false }]);
  expect(writeSort(keys)).toBe('-VALUE,TITLE');
  expect(asOrder(keys)).toEqual([{ field: 'VALUE', direction: 'DESC' }, { field: 'TITLE', direction: 'ASC' }]);
});

it('without a word the order is the board’s', () => {
  expect(asOrder(readSort(''))).toEqual([{ field: 'BOARD' }]);
});
