import type { ApolloClient } from '@apollo/client';
import { Building2, Plus, UserRound, X } from 'lucide-react';
import { useLayoutEffect, useRef, type ReactNode } from 'react';
import { useWork } from '../app/session';
import { t } from '../app/texts';
import { FindCompanies, FindContacts } from '../gql/partners';
import type { FindContactsQuery } from '../gql/types';
import { Button } from '../ui/controls';
import { Combobox, type Choice } from '../ui/combobox';
import ui from '../ui/ui.module.css';
import { NEW, type Draft, type Wrong } from './form';
import css from './record.module.css';

const r = t.record;

/** How many are shown to choose from. */
const SOME = 6;

export type FoundContact = Choice & { contact: FindContactsQuery['contacts']['nodes'][number] };

export async function findContacts(client: ApolloClient, q: string): Promise<FoundContact[]> {
  const { data } = await client.query({ query: FindContacts, variables: { q, first: SOME }, fetchPolicy: 'no-cache' });
  return (data?.contacts.nodes ?? []).map((contact) => {
    const name = contact.fullName || contact.emails[0] || contact.phones[0] || r.unnamed;
    return { id: contact.id, name, detail: [contact.emails[0], contact.phones[0], contact.companyName].filter((text) => text && text !== name).join(' · '), contact };
  });
}

async function findCompanies(client: ApolloClient, q: string): Promise<Choice[]> {
  const { data } = await client.query({ query: FindCompanies, variables: { q, first: SOME }, fetchPolicy: 'no-cache' });
  return (data?.companies.nodes ?? []).map(({ id, name, domain }) => ({ id, name, detail: domain ?? undefined }));
}

interface PartnerProps {
  draft: Draft;
  set: (change: Partial<Draft>) => void;
  wrong: Wrong;
}

/** ContactField is whom a card is about: a contact, one to be made, or a mere text. */
export function ContactField({ draft, set, wrong }: PartnerProps) {
  const { client } = useWork();
  const pick = ({ name, contact }: FoundContact) =>
    set({
      contactId: contact.id, contactName: name, contactEmail: contact.emails[0] ?? '', contactPhone: contact.phones[0] ?? '',
      ...(contact.company && !draft.companyId && !draft.companyName.trim() && { companyId: contact.company.id, companyName: contact.company.name }),
    });
  const isNew = draft.contactId === NEW;
  return (
    <Linkable label={r.contact} icon={<UserRound size={16} aria-hidden />} id={draft.contactId} name={draft.contactName} wrong={wrong.contactName ?? wrong.contactId}
      detail={isNew ? r.newContact : [draft.contactEmail, draft.contactPhone].filter((text) => text && text !== draft.contactName).join(' · ')} onUnlink={() => set({ contactId: '' })}>
      <Combobox label={r.contact} hint={r.contactHint} wrong={wrong.contactName} text={draft.contactName} onText={(contactName) => set({ contactName })} maxLength={200}
        find={(q) => findContacts(client, q)} onPick={pick} make={{ label: r.makeContact, onMake: () => set({ contactId: NEW }) }} />
    </Linkable>
  );
}

/** CompanyField is the company of a card, likewise. */
export function CompanyField({ draft, set, wrong }: PartnerProps) {
  const { client } = useWork();
  return (
    <Linkable label={r.company} icon={<Building2 size={16} aria-hidden />} id={draft.companyId} name={draft.companyName} wrong={wrong.companyName ?? wrong.companyId}
      detail={draft.companyId === NEW ? r.newCompany : ''} onUnlink={() => set({ companyId: '' })}>
      <Combobox label={r.company} wrong={wrong.companyName} text={draft.companyName} onText={(companyName) => set({ companyName })} maxLength={200}
        find={(q) => findCompanies(client, q)} onPick={({ id, name }) => set({ companyId: id, companyName: name })}
        make={{ label: r.makeCompany, onMake: () => set({ companyId: NEW }) }} />
    </Linkable>
  );
}

interface LinkableProps {
  label: string;
  icon: ReactNode;
  id: string;
  name: string;
  detail: string;
  wrong: string | undefined;
  onUnlink: () => void;
  children: ReactNode;
}

/** Linkable shows what is linked, with a button that takes the link off; without a link, the field to find one. The focus goes along. */
function Linkable({ label, icon, id, name, detail, wrong, onUnlink, children }: LinkableProps) {
  const root = useRef<HTMLDivElement>(null);
  const inside = useRef(false);
  useLayoutEffect(() => {
    if (inside.current) root.current?.querySelector<HTMLElement>('input, button')?.focus();
  }, [id]);
  const off = id === NEW ? r.notNew(name) : r.unlink(name);
  return (
    <div className={css.partner} ref={root} onFocus={() => (inside.current = true)} onBlur={() => (inside.current = false)} {...(id && { role: 'group', 'aria-label': label })}>
      {!id ? children : (
        <div className={ui.field}>
          <span className={ui.label} aria-hidden>{label}</span>
          <div className={css.linked}>
            {id === NEW ? <Plus size={16} aria-hidden /> : icon}
            <p>
              <strong>{name}</strong>
              {detail && <span>{detail}</span>}
            </p>
            <Button look="quiet" icon aria-label={off} title={off} onClick={onUnlink}><X size={16} aria-hidden /></Button>
          </div>
          {wrong && <p className={ui.wrong} role="alert">{wrong}</p>}
        </div>
      )}
    </div>
  );
}
