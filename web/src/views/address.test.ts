import { expect, it } from 'vitest';
import { asRecordFilter, readFilters } from '../board/filters';
import { addressOf, contentOf, filtersOf } from './address';

const saved = { id: 'svw_1', sort: [{ __typename: 'ViewSort' as const, field: 'VALUE' as const, direction: 'DESC' as const }], columns: ['title', 'value'], view: 'LIST' as const };

it('a view that was saved here comes back as readable filters', () => {
  const { filter } = contentOf('?q=pump&owner=me&tag=vip', 'LIST', [], []);
  expect(addressOf({ ...saved, filter })).toBe('q=pump&owner=me&tag=vip&sort=-VALUE&columns=title%2Cvalue&view=svw_1');
});

it('a filter that the bar cannot show is kept whole', () => {
  const filter = { or: [{ q: 'a' }, { value: { gt: '5' } }] };
  const address = addressOf({ ...saved, filter, view: 'KANBAN' });
  expect(asRecordFilter(readFilters('?' + address))).toEqual({ and: [filter] });
  expect(filtersOf({ q: 'a', hasOpenTasks: true }).filter).not.toBe('');
  expect(filtersOf({ isStale: false }).filter).not.toBe('');
  expect(filtersOf({ tags: { any: ['a, b'] } }).filter).not.toBe('');
});

it('every filter of the bar comes back as it was', () => {
  for (const search of ['tag=vip%2Cnew&stage=stg_1%2Cstg_2&overdue=yes&stale=yes&contact=no', 'contact=yes&min=5&max=10.5&currency=USD', 'min=5&max=5', 'closeFrom=2026-01-01', 'closeFrom=2026-01-01&closeTo=2026-01-01', 'max=7&closeTo=2027-01-01']) {
    const { filter } = contentOf(search, 'KANBAN', [], []);
    expect(addressOf({ ...saved, view: 'KANBAN', filter })).toBe(search + '&view=svw_1');
  }
});

it('no filter is none', () => {
  expect(addressOf({ ...saved, filter: null, view: 'KANBAN' })).toBe('view=svw_1');
});
