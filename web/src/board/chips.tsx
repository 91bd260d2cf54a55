import { X } from 'lucide-react';
import type { MouseEvent, ReactNode } from 'react';
import { useWork } from '../app/session';
import { t } from '../app/texts';
import { listOf, type Filters } from './filters';
import css from './more-filters.module.css';
import type { MoreProps } from './more-filters';

const f = t.filters;

interface Chip {
  label: string;
  without: Partial<Filters>;
}

/** chipsOf tells what is filtered by beyond the bar, each with what takes it away. */
function chipsOf(filters: Filters, stages: MoreProps['stages'], day: (date: string) => string): Chip[] {
  const { tag, stage, min, max, currency, closeFrom, closeTo } = filters;
  const less = (name: 'tag' | 'stage', one: string) => ({ [name]: listOf(filters[name]).filter((other) => other !== one).join() });
  return [
    ...listOf(tag).map((one) => ({ label: f.tagIs(one), without: less('tag', one) })),
    ...listOf(stage).map((id) => ({ label: f.stageIs(stages.find((s) => s.id === id)?.name ?? f.otherStage), without: less('stage', id) })),
    ...(filters.overdue ? [{ label: t.board.overdue, without: { overdue: '' as const } }] : []),
    ...(filters.stale ? [{ label: t.board.stale, without: { stale: '' as const } }] : []),
    ...(filters.contact ? [{ label: filters.contact === 'yes' ? f.hasContact : f.hasNoContact, without: { contact: '' as const } }] : []),
    ...(min || max ? [{ label: f.valueIs(min, max, currency), without: { min: '', max: '', currency: '' } }] : []),
    ...(closeFrom || closeTo ? [{ label: f.closeIs(closeFrom && day(closeFrom), closeTo && day(closeTo)), without: { closeFrom: '', closeTo: '' } }] : []),
    ...(filters.filter ? [{ label: f.saved, without: { filter: '' } }] : []),
  ];
}

/** Chips stand below the bar; each can be taken away. */
export default function Chips({ filters, stages, onChange }: MoreProps): ReactNode {
  const { format } = useWork();
  const chips = chipsOf(filters, stages, format.day);
  // By keys one goes on with the next chip, or else with the search.
  const away = ({ currentTarget: button }: MouseEvent<HTMLElement>, without: Partial<Filters>) => {
    const chip = button.closest('li');
    const next = (chip?.nextElementSibling ?? chip?.previousElementSibling)?.querySelector('button') ?? document.querySelector<HTMLElement>('[role=search] input');
    onChange(without);
    if (button.matches(':focus-visible')) next?.focus();
  };
  return (
    <ul className={css.chips} aria-label={f.chips}>
      {chips.map(({ label, without }) => (
        <li key={label}>
          {label}
          <button type="button" aria-label={f.without(label)} onClick={(event) => away(event, without)}><X size={12} aria-hidden /></button>
        </li>
      ))}
    </ul>
  );
}
