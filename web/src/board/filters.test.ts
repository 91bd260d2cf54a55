import { expect, it } from 'vitest';
import { asRecordFilter, isFiltered, noFilters, readFilters, writeFilters } from './filters';

it('an address says what is filtered, and nothing that it does not understand', () => {
  const f = readFilters('?q=%20pump%20&owner=me&priority=HIGH&status=MAYBE&tag=vip&record=rec_1');
  expect(f).toEqual({ q: 'pump', owner: 'me', priority: 'HIGH', status: '', tag: 'vip', filter: '' });
  expect(asRecordFilter(f)).toEqual({ q: 'pump', owner: { me: true }, priority: { eq: 'HIGH' }, tags: { any: ['vip'] } });
  expect(readFilters('?owner=<script>').owner).toBe('');
});

it('nothing filtered is no filter', () => {
  expect(asRecordFilter(noFilters)).toBeNull();
  expect(isFiltered(readFilters('?record=rec_1'))).toBe(false);
});

it('a change leaves the rest of the address', () => {
  expect(writeFilters('record=rec_1&q=a&tag=x', { q: '', owner: 'none' })).toBe('record=rec_1&tag=x&owner=none');
});

it('nobody and one member are owners too', () => {
  expect(asRecordFilter({ ...noFilters, owner: 'none' })).toEqual({ owner: { isNull: true } });
  expect(asRecordFilter({ ...noFilters, owner: 'mem_1' })).toEqual({ owner: { eq: 'mem_1' } });
});

it('a saved filter stands whole beside the others, and what is none stays out', () => {
  const f = readFilters(`?q=a&filter=${encodeURIComponent('{"isStale":true}')}`);
  expect(asRecordFilter(f)).toEqual({ q: 'a', and: [{ isStale: true }] });
  expect(readFilters('?filter=%5B1').filter).toBe('');
});
