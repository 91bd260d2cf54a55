import { Popover } from 'radix-ui';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useWork } from '../app/session';
import { t } from '../app/texts';
import type { PipelineFieldsFragment } from '../gql/types';
import { SelectField, TextField } from '../ui/controls';
import { isAmount, listOf, type Filters } from './filters';
import css from './more-filters.module.css';

const f = t.filters;

export interface MoreProps {
  filters: Filters;
  stages: PipelineFieldsFragment['stages'];
  onChange: (change: Partial<Filters>) => void;
}

/** MoreFilters holds what is filtered by more rarely; it opens at once, for it is loaded when it is asked for. */
export default function MoreFilters({ filters, stages, onChange, trigger }: MoreProps & { trigger: ReactNode }) {
  const { viewer } = useWork();
  const chosen = listOf(filters.stage);
  const text = (name: keyof Filters, more: Partial<TypedProps>) => <Typed value={filters[name]} onValue={(value) => onChange({ [name]: value })} {...more} label={more.label ?? ''} />;
  return (
    <Popover.Root defaultOpen>
      <Popover.Trigger asChild>{trigger}</Popover.Trigger>
      <Popover.Portal>
        <Popover.Content className={css.more} align="end" sideOffset={6} collisionPadding={8} aria-label={f.more}>
          {text('tag', { label: f.tags, hint: t.record.tagsHint, as: (text) => listOf(text).join(), maxLength: 500 })}
          {stages.length > 0 && (
            <fieldset className={css.boxes}>
              <legend>{f.stage}</legend>
              {stages.map(({ id, name }) => <Box key={id} label={name} checked={chosen.includes(id)} onChange={(on) => onChange({ stage: (on ? [...chosen, id] : chosen.filter((one) => one !== id)).join() })} />)}
            </fieldset>
          )}
          <fieldset className={css.boxes}>
            <legend>{f.state}</legend>
            <Box label={t.board.overdue} checked={filters.overdue === 'yes'} onChange={(on) => onChange({ overdue: on ? 'yes' : '' })} />
            <Box label={t.board.stale} checked={filters.stale === 'yes'} onChange={(on) => onChange({ stale: on ? 'yes' : '' })} />
          </fieldset>
          <SelectField label={f.contact} value={filters.contact} onChange={(e) => onChange({ contact: e.target.value as Filters['contact'] })}>
            <option value="">{f.anyContact}</option>
            <option value="yes">{f.hasContact}</option>
            <option value="no">{f.hasNoContact}</option>
          </SelectField>
          <div className={css.three}>
            {text('min', { label: f.min, right: (min) => isAmount(min) && !(filters.max && Number(min) > Number(filters.max)), inputMode: 'decimal', maxLength: 20 })}
            {text('max', { label: f.max, right: (max) => isAmount(max) && !(filters.min && Number(max) < Number(filters.min)), inputMode: 'decimal', maxLength: 20 })}
            {text('currency', { label: t.record.currency, as: (text) => text.toUpperCase(), right: (text) => /^[A-Z]{3}$/.test(text), placeholder: viewer.workspace.defaultCurrency, disabled: !filters.min && !filters.max, maxLength: 3 })}
          </div>
          <div className={css.two}>
            {text('closeFrom', { label: f.closeFrom, type: 'date', max: filters.closeTo || undefined })}
            {text('closeTo', { label: f.closeTo, type: 'date', min: filters.closeFrom || undefined, right: (to) => !filters.closeFrom || to >= filters.closeFrom })}
          </div>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function Box({ label, checked, onChange }: { label: string; checked: boolean; onChange: (on: boolean) => void }) {
  return <label className={css.box}><input type="checkbox" checked={checked} onChange={(e) => onChange(e.target.checked)} />{label}</label>;
}

interface TypedProps extends Pick<React.ComponentProps<'input'>, 'type' | 'inputMode' | 'maxLength' | 'placeholder' | 'disabled' | 'max' | 'min'> {
  label: string;
  hint?: string;
  /** What is not right is not taken. */
  right?: (text: string) => boolean;
  as?: (text: string) => string;
}

/** Typed is a text that counts once typing pauses. */
function Typed({ label, hint, value, onValue, right, as = (text) => text, ...rest }: TypedProps & { value: string; onValue: (value: string) => void }) {
  const [text, setText] = useState(value);
  const take = useRef(onValue);
  take.current = onValue;
  const form = useRef(as);
  form.current = as;
  const next = as(text.trim());
  const ok = next === '' || !right || right(next);
  // What is meant already stays as it was typed.
  useEffect(() => setText((held) => (form.current(held.trim()) === value ? held : value)), [value]);
  useEffect(() => {
    if (!ok || next === value) return;
    const timer = setTimeout(() => take.current(next), 250);
    return () => clearTimeout(timer);
  }, [ok, next, value]);
  return <TextField label={label} hint={hint} wrong={ok ? undefined : f.notRight} value={text} onChange={(e) => setText(e.target.value)} {...rest} />;
}
