import type { RecordOrder, RecordOrderField } from '../gql/types';

/** One key of an order; the first counts most. */
export interface SortKey {
  field: RecordOrderField;
  desc: boolean;
}

const fields: readonly string[] = [
  'BOARD', 'STAGE', 'TITLE', 'OWNER_NAME', 'VALUE', 'PROBABILITY', 'PRIORITY', 'EXPECTED_CLOSE_DATE', 'CREATED_AT', 'UPDATED_AT', 'LAST_ACTIVITY_AT', 'CLOSED_AT', 'NUMBER',
] satisfies RecordOrderField[];

/** How many keys an order may have. */
export const MOST_KEYS = 10;

/** readSort takes an order from an address: `sort=-VALUE,TITLE`. What it does not understand stays out. */
export function readSort(search: string): SortKey[] {
  const keys = (new URLSearchParams(search).get('sort') ?? '').split(',').map((text) => ({ field: text.replace(/^-/, '') as RecordOrderField, desc: text.startsWith('-') }));
  return keys.filter(({ field }, at) => fields.includes(field) && keys.findIndex((k) => k.field === field) === at).slice(0, MOST_KEYS);
}

export const writeSort = (keys: readonly SortKey[]) => keys.map(({ field, desc }) => (desc ? '-' : '') + field).join(',');

/** asOrder says it in the API's terms: as the board stands when nothing is said. */
export function asOrder(keys: readonly SortKey[]): RecordOrder[] {
  return keys.length === 0 ? [{ field: 'BOARD' }] : keys.map(({ field, desc }) => ({ field, direction: desc ? 'DESC' : 'ASC' }));
}
