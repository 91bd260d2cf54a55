import { X } from 'lucide-react';
import { useState } from 'react';
import { useWork } from '../app/session';
import { t } from '../app/texts';
import type { ParticipantInput } from '../gql/types';
import { Button, TextField } from '../ui/controls';
import { Combobox } from '../ui/combobox';
import { submitting } from './form';
import css from './parts.module.css';
import { findContacts, type FoundContact } from './partners';
import { Section, tellProblem, usePartUnsaved, useSave, type PartProps } from './section';

const p = t.record.participants;

/** Participants are the further contacts of a card, each with its role. */
export default function Participants({ record, edit }: PartProps) {
  const { amend, saving } = useSave(record.id);
  const put = async (change: (now: ParticipantInput[]) => ParticipantInput[]) => {
    const { problem } = await amend((now) => ({ participants: change(inputsOf(now)) }));
    if (problem) tellProblem(record.title, problem);
    return !problem;
  };
  if (record.participants.length === 0 && !edit?.adding) return null;
  return (
    <Section title={p.title} control={edit && !edit.adding ? { label: t.add, onClick: edit.begin } : null}>
      <ul className={css.rows}>
        {record.participants.map(({ contactId, contact, role }) => {
          const name = contact.fullName || contact.emails[0] || t.record.unnamed;
          return (
            <li key={contactId}>
              <p>{name}{role && <span> · {role}</span>}{contact.emails[0] && contact.fullName && <span> · <a href={`mailto:${contact.emails[0]}`}>{contact.emails[0]}</a></span>}</p>
              {edit && <Button look="quiet" icon disabled={saving} aria-label={p.remove(name)} onClick={() => void put((now) => now.filter((one) => one.contactId !== contactId))}><X size={14} aria-hidden /></Button>}
            </li>
          );
        })}
      </ul>
      {edit?.adding && <Adding taken={inputsOf(record)} busy={saving} onAdd={async (one) => (await put((now) => [...now.filter(({ contactId }) => contactId !== one.contactId), one])) && edit.end()} onCancel={edit.end} />}
    </Section>
  );
}

const inputsOf = ({ participants }: PartProps['record']) => participants.map(({ contactId, role }): ParticipantInput => ({ contactId, role }));

function Adding({ taken, busy, onAdd, onCancel }: { taken: readonly ParticipantInput[]; busy: boolean; onAdd: (one: ParticipantInput) => void; onCancel: () => void }) {
  const { client } = useWork();
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState<FoundContact | null>(null);
  const [role, setRole] = useState('');
  usePartUnsaved(Boolean(text.trim() || role.trim()));
  const find = async (q: string) => (await findContacts(client, q)).filter(({ id }) => !taken.some(({ contactId }) => contactId === id));
  return (
    <form className={css.adding} onSubmit={submitting(() => chosen && onAdd({ contactId: chosen.id, role: role.trim() || null }))}>
      <Combobox label={p.contact} text={text} onText={(text) => (setText(text), setChosen(null))} find={find} onPick={(one) => (setChosen(one), setText(one.name))} maxLength={200} autoFocus />
      <TextField label={p.role} value={role} onChange={(e) => setRole(e.target.value)} maxLength={50} />
      <div className={css.foot}>
        <Button onClick={onCancel}>{t.cancel}</Button>
        <Button type="submit" look="primary" disabled={busy || !chosen}>{t.add}</Button>
      </div>
    </form>
  );
}
