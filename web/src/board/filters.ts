import { isDay } from '../app/format';
import type { DateComparator, MoneyComparator, Priority, RecordFilter, RecordStatus } from '../gql/types';

/** What a person filters a board by; all of it stands in the address, so that a link shows the same. Empty: not by this. */
export interface Filters {
  q: string;
  /** `me`, `none`, a member's id, or empty. */
  owner: string;
  priority: Priority | '';
  status: RecordStatus | '';
  /** Tags parted by commas, of which a card has at least one. */
  tag: string;
  /** Ids of stages parted by commas. */
  stage: string;
  overdue: 'yes' | '';
  stale: 'yes' | '';
  /** Whether there is a contact. */
  contact: 'yes' | 'no' | '';
  /** The least and the greatest value, both in `currency`: the workspace's when empty. */
  min: string;
  max: string;
  currency: string;
  /** The first and the last day of expected close. */
  closeFrom: string;
  closeTo: string;
  /** A saved filter that the bar cannot show, as the API has it, in JSON. */
  filter: string;
}

export const noFilters: Filters = {
  q: '', owner: '', priority: '', status: '', tag: '', stage: '', overdue: '', stale: '', contact: '', min: '', max: '', currency: '', closeFrom: '', closeTo: '', filter: '',
};

const priorities: readonly string[] = ['LOW', 'MEDIUM', 'HIGH', 'URGENT'] satisfies Priority[];
const statuses: readonly string[] = ['OPEN', 'WON', 'LOST'] satisfies RecordStatus[];
const decimal = /^\d{1,14}(\.\d{1,4})?$/;

export const listOf = (text: string) => [...new Set(text.split(',').map((part) => part.trim()).filter(Boolean))];

/** isAmount tells whether a text is an amount of which a range can begin or end. */
export const isAmount = (text: string) => decimal.test(text);

/** readFilters takes from an address what it understands; what somebody else wrote there stays out, and so does the end of a range that is before its beginning. */
export function readFilters(search: string): Filters {
  const params = new URLSearchParams(search);
  const one = (name: keyof Filters) => (params.get(name) ?? '').trim();
  const of = (name: keyof Filters, values: readonly string[]) => (values.includes(one(name)) ? one(name) : '') as never;
  const like = (name: keyof Filters, form: RegExp) => (form.test(one(name)) ? one(name) : '');
  const owner = one('owner');
  const [min, max] = [like('min', decimal), like('max', decimal)];
  const [closeFrom = '', closeTo = ''] = [one('closeFrom'), one('closeTo')].map((text) => (isDay(text) ? text : ''));
  return {
    q: one('q').slice(0, 200),
    owner: owner === 'me' || owner === 'none' || owner.startsWith('mem_') ? owner : '',
    priority: of('priority', priorities),
    status: of('status', statuses),
    tag: listOf(one('tag')).map((tag) => tag.slice(0, 50)).slice(0, 20).join(),
    stage: listOf(one('stage')).filter((id) => /^stg_\w+$/.test(id)).slice(0, 50).join(),
    overdue: of('overdue', ['yes']),
    stale: of('stale', ['yes']),
    contact: of('contact', ['yes', 'no']),
    min,
    max: min && max && Number(max) < Number(min) ? '' : max,
    currency: min || max ? like('currency', /^[A-Z]{3}$/) : '',
    closeFrom,
    closeTo: closeFrom && closeTo < closeFrom ? '' : closeTo,
    filter: parsed(one('filter')) ? one('filter') : '',
  };
}

/** writeFilters puts changes into an address and leaves the rest of it. */
export function writeFilters(search: string, change: Partial<Filters> | Record<string, string>): string {
  const params = new URLSearchParams(search);
  for (const [name, value] of Object.entries(change)) {
    if (value) params.set(name, value);
    else params.delete(name);
  }
  return params.toString();
}

export const isFiltered = (f: Filters) => Object.values(f).some(Boolean);

/** moreOf is how many filters are set beyond those that the bar itself shows. */
export const moreOf = (f: Filters) =>
  listOf(f.tag).length + listOf(f.stage).length + [f.overdue, f.stale, f.contact, f.min || f.max, f.closeFrom || f.closeTo, f.filter].filter(Boolean).length;

/** asRecordFilter says it in the API's terms; null when nothing is filtered. */
export function asRecordFilter(f: Filters): RecordFilter | null {
  if (!isFiltered(f)) return null;
  const owner = f.owner === 'me' ? { me: true } : f.owner === 'none' ? { isNull: true } : { eq: f.owner };
  return {
    ...(f.q && { q: f.q }),
    ...(f.owner && { owner }),
    ...(f.priority && { priority: { eq: f.priority } }),
    ...(f.status && { status: { eq: f.status } }),
    ...(f.tag && { tags: { any: listOf(f.tag) } }),
    ...(f.stage && { stageId: { in: listOf(f.stage) } }),
    ...(f.overdue && { isOverdue: true }),
    ...(f.stale && { isStale: true }),
    ...(f.contact && { contactId: { isNull: f.contact === 'no' } }),
    ...((f.min || f.max) && { value: { ...range(f.min, f.max, Number(f.min) === Number(f.max)), ...(f.currency && { currency: f.currency }) } satisfies MoneyComparator }),
    ...((f.closeFrom || f.closeTo) && { expectedCloseDate: range(f.closeFrom, f.closeTo, f.closeFrom === f.closeTo) satisfies DateComparator }),
    ...(f.filter && { and: [parsed(f.filter)!] }),
  };
}

/** range is from one bound to the other, both counted; one alone is open at the other end, and two that are equal are one value. */
function range(from: string, to: string, equal: boolean) {
  return from && to && equal ? { eq: from } : { ...(from && { gte: from }), ...(to && { lte: to }) };
}

function parsed(text: string): RecordFilter | null {
  try {
    const value: unknown = JSON.parse(text);
    return value && typeof value === 'object' && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}
