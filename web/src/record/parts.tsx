import { Plus } from 'lucide-react';
import { useState } from 'react';
import { t } from '../app/texts';
import type { RecordDetailFragment } from '../gql/types';
import { Button } from '../ui/controls';
import LineItems from './items';
import Links from './links';
import Participants from './participants';
import css from './parts.module.css';
import { Section } from './section';

const r = t.record;

const parts = [
  { name: 'items', title: r.items.title, Part: LineItems, has: (record: RecordDetailFragment) => record.lineItems.length > 0 },
  { name: 'participants', title: r.participants.title, Part: Participants, has: (record: RecordDetailFragment) => record.participants.length > 0 },
  { name: 'links', title: r.links.title, Part: Links, has: (record: RecordDetailFragment) => record.links.length > 0 },
];

/** Parts shows those lists of a card that hold something, and offers to begin the others. */
export default function Parts({ record, editable }: { record: RecordDetailFragment; editable: boolean }) {
  // One that is begun leaves the others open: something may have been typed there.
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const begin = (name: string) => setOpen(new Set([...open, name]));
  const end = (name: string) => setOpen((now) => new Set([...now].filter((other) => other !== name)));
  const offers = parts.filter(({ name, has }) => !has(record) && !open.has(name));
  const custom = Object.entries((record.customFields ?? {}) as Record<string, unknown>);
  return (
    <>
      {parts.map(({ name, Part }) => <Part key={name} record={record} edit={editable ? { adding: open.has(name), begin: () => begin(name), end: () => end(name) } : null} />)}
      {custom.length > 0 && (
        <Section title={r.customFields}>
          <dl className={css.custom}>
            {custom.map(([key, value]) => [<dt key={`${key}.`}>{key}</dt>, <dd key={key}>{shown(value)}</dd>])}
          </dl>
        </Section>
      )}
      {editable && offers.length > 0 && (
        <div className={css.offers} role="group" aria-label={t.add}>
          {offers.map(({ name, title }) => <Button key={name} look="quiet" className={css.add} onClick={() => begin(name)}><Plus size={14} aria-hidden />{title}</Button>)}
        </div>
      )}
    </>
  );
}

/** shown is a value of a custom field as people read it. */
export function shown(value: unknown): string {
  if (value === null) return t.none;
  if (typeof value === 'boolean') return value ? t.yes : t.no;
  if (Array.isArray(value) && value.every((item) => typeof item !== 'object')) return value.join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
