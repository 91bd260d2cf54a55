import { useQuery } from '@apollo/client/react';
import { useState, type FormEvent } from 'react';
import { useWork } from '../app/session';
import type { Problem } from '../app/problem';
import { t } from '../app/texts';
import { People } from '../gql/app';
import type { PipelineFieldsFragment, Priority } from '../gql/types';
import { SelectField, TextArea, TextField } from '../ui/controls';

const r = t.record;

/** What a form holds: texts, as they are typed. */
export interface Draft {
  title: string;
  stageId: string;
  amount: string;
  currency: string;
  ownerId: string;
  priority: Priority;
  contactName: string;
  companyName: string;
  contactEmail: string;
  contactPhone: string;
  expectedCloseDate: string;
  tags: string;
  description: string;
}

export type Wrong = Partial<Record<keyof Draft, string>>;

/** wrongIn puts what the server found wrong to the fields it speaks of; what belongs to none is left to be told above. */
export function wrongIn(problem: Problem | null): Wrong {
  const fields: Record<string, keyof Draft> = { value: 'amount', amount: 'amount', currency: 'currency' };
  return Object.fromEntries((problem?.details ?? []).map(({ field, message }) => {
    const last = field.split('.').findLast((part) => !/^\d+$/.test(part)) ?? field;
    return [fields[last] ?? last, message];
  }));
}

/** useDraft holds a form while somebody fills it in. */
export function useDraft(first: Draft) {
  const [draft, setDraft] = useState(first);
  const bind = (name: keyof Draft) => ({
    value: draft[name],
    onChange: (event: { target: { value: string } }) => setDraft((held) => ({ ...held, [name]: event.target.value })),
    name,
  });
  return { draft, setDraft, bind };
}

export const submitting = (run: () => void) => (event: FormEvent) => {
  event.preventDefault();
  run();
};

export const tagsOf = (text: string) => [...new Set(text.split(',').map((tag) => tag.trim()).filter(Boolean))];

/** changes are the fields that differ, in the API's terms: what was not touched is not sent. */
export function changes(before: Draft, after: Draft) {
  const differs = (name: keyof Draft) => before[name].trim() !== after[name].trim();
  const text = (name: keyof Draft) => (differs(name) ? { [name]: after[name].trim() || null } : {});
  return {
    ...text('title'), ...text('stageId'), ...text('ownerId'), ...text('contactName'), ...text('companyName'), ...text('contactEmail'), ...text('contactPhone'),
    ...text('expectedCloseDate'), ...text('description'), ...text('priority'),
    ...(differs('amount') || differs('currency') ? { value: after.amount.trim() ? { amount: after.amount.trim(), currency: after.currency.trim().toUpperCase() } : null } : {}),
    ...(differs('tags') ? { tags: tagsOf(after.tags) } : {}),
  };
}

/** RecordFields are the fields of a card, the same whether it is made or changed. */
export function RecordFields({ pipeline, bind, wrong }: { pipeline: PipelineFieldsFragment | undefined; bind: ReturnType<typeof useDraft>['bind']; wrong: Wrong }) {
  const { viewer, can } = useWork();
  const { data } = useQuery(People);
  const own = viewer.member?.id;
  const { value: ownerId } = bind('ownerId');
  const people = data?.members.nodes.filter(({ id }) => can('CAN_ASSIGN_OTHERS') || id === own || id === ownerId) ?? [];
  return (
    <>
      <TextField label={r.title} wrong={wrong.title} {...bind('title')} maxLength={200} data-wide required />
      <SelectField label={r.stage} wrong={wrong.stageId} {...bind('stageId')}>
        {pipeline?.stages.map(({ id, name }) => <option key={id} value={id}>{name}</option>)}
      </SelectField>
      <SelectField label={r.owner} wrong={wrong.ownerId} {...bind('ownerId')}>
        <option value="">{t.nobody}</option>
        {people.map(({ id, name }) => <option key={id} value={id}>{name}</option>)}
      </SelectField>
      <TextField label={r.value} wrong={wrong.amount} {...bind('amount')} inputMode="decimal" />
      <TextField label={r.currency} wrong={wrong.currency} {...bind('currency')} maxLength={3} />
      <SelectField label={r.priority} wrong={wrong.priority} {...bind('priority')}>
        {Object.entries(t.board.priority).map(([key, name]) => <option key={key} value={key}>{name}</option>)}
      </SelectField>
      <TextField label={r.expectedClose} wrong={wrong.expectedCloseDate} {...bind('expectedCloseDate')} type="date" />
      <TextField label={r.contactName} wrong={wrong.contactName} {...bind('contactName')} maxLength={200} />
      <TextField label={r.company} wrong={wrong.companyName} {...bind('companyName')} maxLength={200} />
      <TextField label={r.email} wrong={wrong.contactEmail} {...bind('contactEmail')} type="email" maxLength={254} />
      <TextField label={r.phone} wrong={wrong.contactPhone} {...bind('contactPhone')} type="tel" maxLength={50} />
      <TextField label={r.tags} hint={r.tagsHint} wrong={wrong.tags} {...bind('tags')} />
      <TextArea label={r.description} wrong={wrong.description} {...bind('description')} maxLength={5000} />
    </>
  );
}
