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
  expect(filtersOf({ q: 'a', isStale: true }).filter).not.toBe('');
});

it('no filter is none', () => {
  expect(addressOf({ ...saved, filter: null, view: 'KANBAN' })).toBe('view=svw_1');
});
