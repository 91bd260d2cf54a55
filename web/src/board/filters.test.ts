import { expect, it } from 'vitest';
import { asRecordFilter, isFiltered, noFilters, readFilters, writeFilters } from './filters';

it('an address says what is filtered, and nothing that it does not understand', () => {
  const f = readFilters('?q=%20pump%20&owner=me&priority=HIGH&status=MAYBE&tag=vip&record=rec_1');
  expect(f).toEqual({ ...noFilters, q: 'pump', owner: 'me', priority: 'HIGH', tag: 'vip' });
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

it('tags and stages are lists, states are said by yes, and a contact is there or not', () => {
  const f = readFilters('?tag=vip,,%20new%20,vip&stage=stg_1,x,stg_2&overdue=yes&stale=true&contact=no');
  expect(f).toEqual({ ...noFilters, tag: 'vip,new', stage: 'stg_1,stg_2', overdue: 'yes', contact: 'no' });
  expect(asRecordFilter(f)).toEqual({ tags: { any: ['vip', 'new'] }, stageId: { in: ['stg_1', 'stg_2'] }, isOverdue: true, contactId: { isNull: true } });
  expect(asRecordFilter({ ...noFilters, stale: 'yes', contact: 'yes' })).toEqual({ isStale: true, contactId: { isNull: false } });
});

it('ranges are open where nothing stands, one value where both are equal, and never run backwards', () => {
  const filter = (search: string) => asRecordFilter(readFilters(search));
  expect(filter('?min=5&max=10.50&currency=USD')).toEqual({ value: { gte: '5', lte: '10.50', currency: 'USD' } });
  expect(filter('?max=10&currency=usd')).toEqual({ value: { lte: '10' } });
  expect(filter('?min=9&max=10')).toEqual({ value: { gte: '9', lte: '10' } });
  expect(filter('?min=5&max=5.0')).toEqual({ value: { eq: '5' } });
  expect(filter('?min=5&max=4')).toEqual({ value: { gte: '5' } });
  expect(filter('?min=-1&max=1e3&currency=USD')).toBeNull();
  expect(filter('?closeFrom=2026-02-01&closeTo=2026-03-01')).toEqual({ expectedCloseDate: { gte: '2026-02-01', lte: '2026-03-01' } });
  expect(filter('?closeFrom=2026-02-01&closeTo=2026-02-01')).toEqual({ expectedCloseDate: { eq: '2026-02-01' } });
  expect(filter('?closeFrom=2026-02-01&closeTo=2026-01-01')).toEqual({ expectedCloseDate: { gte: '2026-02-01' } });
  expect(filter('?closeTo=soon')).toBeNull();
  expect(filter('?closeFrom=2026-13-45&closeTo=2026-02-30')).toBeNull();
  expect(filter('?closeFrom=2027-02-29&closeTo=2028-02-29')).toEqual({ expectedCloseDate: { lte: '2028-02-29' } });
});
