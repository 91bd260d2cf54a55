import type { Priority, RecordFilter, RecordStatus } from '../gql/types';

/** What a person filters a board by; all of it stands in the address, so that a link shows the same. */
export interface Filters {
  q: string;
  /** `me`, `none`, a member's id, or empty. */
  owner: string;
  priority: Priority | '';
  status: RecordStatus | '';
  tag: string;
  /** A saved filter that the bar cannot show, as the API has it, in JSON. */
  filter: string;
}

const priorities: readonly string[] = ['LOW', 'MEDIUM', 'HIGH', 'URGENT'] satisfies Priority[];
const statuses: readonly string[] = ['OPEN', 'WON', 'LOST'] satisfies RecordStatus[];
const names = ['q', 'owner', 'priority', 'status', 'tag', 'filter'] as const;

/** readFilters takes from an address what it understands; what somebody else wrote there stays out. */
export function readFilters(search: string): Filters {
  const params = new URLSearchParams(search);
  const one = (name: string, of?: readonly string[]) => {
    const value = (params.get(name) ?? '').trim();
    return of && !of.includes(value) ? '' : value;
  };
  const owner = one('owner');
  return {
    q: one('q').slice(0, 200),
    owner: owner === 'me' || owner === 'none' || owner.startsWith('mem_') ? owner : '',
    priority: one('priority', priorities) as Filters['priority'],
    status: one('status', statuses) as Filters['status'],
    tag: one('tag').slice(0, 50),
    filter: parsed(one('filter')) ? one('filter') : '',
  };
}

/** writeFilters puts changes into an address and leaves the rest of it. */
export function writeFilters(search: string, change: Partial<Filters>): string {
  const params = new URLSearchParams(search);
  for (const [name, value] of Object.entries(change)) {
    if (value) params.set(name, value);
    else params.delete(name);
  }
  return params.toString();
}

export const isFiltered = (f: Filters) => names.some((name) => f[name] !== '');

export const noFilters: Filters = { q: '', owner: '', priority: '', status: '', tag: '', filter: '' };

/** asRecordFilter says it in the API's terms; null when nothing is filtered. */
export function asRecordFilter(f: Filters): RecordFilter | null {
  if (!isFiltered(f)) return null;
  const owner = f.owner === 'me' ? { me: true } : f.owner === 'none' ? { isNull: true } : { eq: f.owner };
  return {
    ...(f.q && { q: f.q }),
    ...(f.owner && { owner }),
    ...(f.priority && { priority: { eq: f.priority } }),
    ...(f.status && { status: { eq: f.status } }),
    ...(f.tag && { tags: { any: [f.tag] } }),
    ...(f.filter && { and: [parsed(f.filter)!] }),
  };
}

function parsed(text: string): RecordFilter | null {
  try {
    const value: unknown = JSON.parse(text);
    return value && typeof value === 'object' && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}
