import { useQuery } from '@apollo/client/react';
import { useEffect, useRef, useState, type FormEvent } from 'react';
import { days } from '../app/format';
import { useWork } from '../app/session';
import type { Problem } from '../app/problem';
import { t } from '../app/texts';
import { forms } from '../app/texts/forms';
import { People } from '../gql/app';
import type { PipelineFieldsFragment, Priority } from '../gql/types';
import { SelectField, TextArea, TextField } from '../ui/controls';
import { emptyProbability, isOpen, probabilityChange, probabilityIn, stageOf, type Reading } from './numbers';
import { CompanyField, ContactField } from './partners';
import { ReasonFields } from './reason-fields';
import css from './record.module.css';

const r = t.record;

/** What a form holds: texts, as they are typed. */
export interface Draft {
  title: string;
  stageId: string;
  amount: string;
  currency: string;
  /** Empty: the stage's. */
  probability: string;
  ownerId: string;
  priority: Priority;
  /** The contact linked, NEW for one to be made of name, e-mail and phone, or empty: then these are mere texts. */
  contactId: string;
  contactName: string;
  /** Likewise. */
  companyId: string;
  companyName: string;
  contactEmail: string;
  contactPhone: string;
  expectedCloseDate: string;
  lostReason: string;
  lostReasonKey: string;
  channel: string;
  chatUrl: string;
  sourceDetail: string;
  externalId: string;
  tags: string;
  description: string;
}

/** In place of an id: what is to be made along with the card. */
export const NEW = 'new';

export type Wrong = Partial<Record<keyof Draft, string>>;

/** wrongIn puts what the server found wrong to the fields it speaks of; what belongs to none is left to be told above. */
export function wrongIn(problem: Problem | null): Wrong {
  const fields: Record<string, keyof Draft> = {
    value: 'amount', firstName: 'contactName', lastName: 'contactName', newContact: 'contactName', emails: 'contactEmail', phones: 'contactPhone', name: 'companyName', newCompany: 'companyName',
  };
  return Object.fromEntries((problem?.details ?? []).map(({ field, code, message }) => {
    const last = field.replace(/\[\d+\]/g, '').split('.').findLast((part) => !/^\d+$/.test(part)) ?? field;
    return [fields[last] ?? last, code !== 'NOT_FOUND' ? message : last === 'stageId' ? forms.stageGone : t.codes.NOT_FOUND];
  }));
}

/** useFirstWrong gives a form's ref: after a refusal the first field that was found wrong has the focus, and so is in view. */
export function useFirstWrong(problem: Problem | null) {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (problem?.details?.length) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [problem]);
  return form;
}

/** useDraft holds a form while somebody fills it in. */
export function useDraft(first: Draft) {
  const [draft, setDraft] = useState(first);
  const bind = (name: keyof Draft) => ({
    value: draft[name],
    onChange: (event: { target: { value: string } }) => setDraft((held) => ({ ...held, [name]: event.target.value })),
    name,
  });
  const set = (change: Partial<Draft>) => setDraft((held) => ({ ...held, ...change }));
  return { draft, set, setDraft, bind };
}

export const submitting = (run: () => void) => (event: FormEvent) => {
  event.preventDefault();
  run();
};

export const tagsOf = (text: string) => [...new Set(text.split(',').map((tag) => tag.trim()).filter(Boolean))];

/** changes are the fields that differ, in the API's terms: what was not touched is not sent. */
export function changes(before: Draft, after: Draft, reading: Reading) {
  const differs = (name: keyof Draft) => before[name].trim() !== after[name].trim();
  const text = (name: keyof Draft) => (differs(name) ? { [name]: after[name].trim() || null } : {});
  return {
    ...text('title'), ...text('stageId'), ...text('ownerId'), ...text('expectedCloseDate'), ...text('description'), ...text('priority'), ...text('lostReason'), ...text('lostReasonKey'), ...text('channel'), ...text('chatUrl'),
    ...text('sourceDetail'), ...text('externalId'),
    ...(differs('contactId') ? contactOf(after) : after.contactId ? {} : { ...text('contactName'), ...text('contactEmail'), ...text('contactPhone') }),
    ...(differs('companyId') ? companyOf(after) : after.companyId ? {} : text('companyName')),
    ...(differs('amount') || differs('currency') ? { value: after.amount.trim() ? { amount: reading.format.read(after.amount) ?? after.amount.trim(), currency: after.currency.trim().toUpperCase() } : null } : {}),
    ...probabilityChange(before, after, reading),
    ...(differs('tags') ? { tags: tagsOf(after.tags) } : {}),
  };
}

/** contactOf says another contact in the API's terms. One that is linked brings its own texts. */
function contactOf({ contactId, contactName, contactEmail, contactPhone }: Draft) {
  const texts = { contactName: null, contactEmail: null, contactPhone: null };
  const [name, email, phone] = [contactName.trim(), contactEmail.trim(), contactPhone.trim()];
  if (contactId !== NEW) return contactId ? { contactId, ...texts } : { contactId: null, contactName: name || null, contactEmail: email || null, contactPhone: phone || null };
  const [firstName, ...rest] = name.split(/\s+/);
  return { newContact: { firstName, ...(rest.length && { lastName: rest.join(' ') }), ...(email && { emails: [email] }), ...(phone && { phones: [phone] }) }, ...texts };
}

function companyOf({ companyId, companyName }: Draft) {
  if (companyId !== NEW) return { companyId: companyId || null, companyName: companyId ? null : companyName.trim() || null };
  return { newCompany: { name: companyName.trim() }, companyName: null };
}

/** Fields that only together say something. */
const together: readonly (readonly (keyof Draft)[])[] = [['contactId', 'contactName', 'contactEmail', 'contactPhone'], ['companyId', 'companyName'], ['amount', 'currency']];

/** rebased puts what was typed over what is there now; the rest is taken over. */
export function rebased(before: Draft, typed: Draft, now: Draft): Draft {
  const names = Object.keys(typed) as (keyof Draft)[];
  const mine = names.filter((name) => (together.find((names) => names.includes(name)) ?? [name]).some((name) => typed[name] !== before[name]));
  return { ...now, ...Object.fromEntries(mine.map((name) => [name, typed[name]])) };
}

/** useReading is what the numbers of a form about a card of this pipeline are read by. */
export function useReading(pipeline: PipelineFieldsFragment | undefined): Reading {
  const { format } = useWork();
  return { format, stages: pipeline?.stages ?? [] };
}

interface FieldsProps {
  pipeline: PipelineFieldsFragment | undefined;
  /** What the form began with. */
  before: Draft;
  form: ReturnType<typeof useDraft>;
  wrong: Wrong;
  valueFollows?: boolean;
}

/** RecordFields are the fields of a card, the same whether it is made or changed. */
export function RecordFields({ pipeline, before, form, wrong, valueFollows = false }: FieldsProps) {
  const { draft, set, bind } = form;
  const { viewer, can, format } = useWork();
  const reading = useReading(pipeline);
  const open = isOpen(draft, reading);
  const empty = emptyProbability(draft, before, reading);
  const { data } = useQuery(People);
  const own = viewer.member?.id;
  const people = data?.members.nodes.filter(({ id }) => can('CAN_ASSIGN_OTHERS') || id === own || id === draft.ownerId) ?? [];
  const stage = stageOf(draft, reading);
  const rare = wrong.channel ?? wrong.chatUrl ?? wrong.sourceDetail ?? wrong.externalId;
  return (
    <>
      <TextField label={r.title} wrong={wrong.title} {...bind('title')} maxLength={200} data-wide required />
      <SelectField label={r.stage} wrong={wrong.stageId} {...bind('stageId')} value={stage ? draft.stageId : ''} onChange={({ target }) => set({ stageId: target.value, probability: probabilityIn(target.value, draft, before) })} data-wide={open ? undefined : true}>
        {!stage && <option value="">{forms.chooseStage}</option>}
        {pipeline?.stages.map(({ id, name }) => <option key={id} value={id}>{name}</option>)}
      </SelectField>
      {open && (
        <TextField label={r.probability} hint={empty !== null && r.probabilityHint(format.percent(empty))} wrong={wrong.probability} {...bind('probability')}
          inputMode="numeric" placeholder="%" maxLength={5} />
      )}
      <SelectField label={r.owner} wrong={wrong.ownerId} {...bind('ownerId')}>
        <option value="">{t.nobody}</option>
        {people.map(({ id, name }) => <option key={id} value={id}>{name}</option>)}
      </SelectField>
      <SelectField label={r.priority} wrong={wrong.priority} {...bind('priority')}>
        {Object.entries(t.board.priority).map(([key, name]) => <option key={key} value={key}>{name}</option>)}
      </SelectField>
      {(stage?.kind === 'LOST' || wrong.lostReason || wrong.lostReasonKey) && <ReasonFields reason={draft} onChange={set} wrong={wrong.lostReason} wrongKey={wrong.lostReasonKey} />}
      <TextField label={r.value} hint={valueFollows && r.items.makeValue} wrong={wrong.amount} {...bind('amount')} inputMode="decimal" disabled={valueFollows} />
      <TextField label={r.currency} wrong={wrong.currency} {...bind('currency')} maxLength={3} disabled={valueFollows} />
      <TextField label={r.expectedClose} wrong={wrong.expectedCloseDate} {...bind('expectedCloseDate')} type="date" {...days} />
      <TextField label={r.tags} hint={r.tagsHint} wrong={wrong.tags} {...bind('tags')} />
      <ContactField draft={draft} set={set} wrong={wrong} />
      <CompanyField draft={draft} set={set} wrong={wrong} />
      {(!draft.contactId || draft.contactId === NEW) && (
        <>
          <TextField label={r.email} wrong={wrong.contactEmail} {...bind('contactEmail')} type="email" maxLength={254} />
          <TextField label={r.phone} wrong={wrong.contactPhone} {...bind('contactPhone')} type="tel" maxLength={50} />
        </>
      )}
      <TextArea label={r.description} wrong={wrong.description} {...bind('description')} maxLength={5000} />
      <details className={css.rare} open={rare ? true : undefined} data-wide>
        <summary>{r.moreFields}</summary>
        <div className={css.form}>
          <SelectField label={r.channel} wrong={wrong.channel} {...bind('channel')}>
            <option value="">{t.none}</option>
            {Object.entries(r.channels).map(([key, name]) => <option key={key} value={key}>{name}</option>)}
          </SelectField>
          <TextField label={r.chatUrl} wrong={wrong.chatUrl} {...bind('chatUrl')} type="url" maxLength={2048} />
          <TextField label={r.sourceDetail} wrong={wrong.sourceDetail} {...bind('sourceDetail')} maxLength={50} />
          <TextField label={r.externalId} wrong={wrong.externalId} {...bind('externalId')} maxLength={255} />
        </div>
      </details>
    </>
  );
}
