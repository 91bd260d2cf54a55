import { useMutation } from '@apollo/client/react';
import { ArrowLeft, ArrowRight, X } from 'lucide-react';
import { useState } from 'react';
import { useLocation, useSearch } from 'wouter';
import { problemOf } from '../app/problem';
import { useWork } from '../app/session';
import { t } from '../app/texts';
import { writeFilters, type Filters } from '../board/filters';
import { FindRecords, LinkRecords, UnlinkRecords } from '../gql/parts';
import { Badge, Button, TextField } from '../ui/controls';
import { Combobox, type Choice } from '../ui/combobox';
import { submitting } from './form';
import css from './parts.module.css';
import { Section, tellProblem, usePartUnsaved, type PartProps } from './section';

const l = t.record.links;

/** Links are the other cards that a card is linked with; each shows the link from its side. */
export default function Links({ record, edit }: PartProps) {
  const search = useSearch();
  const [path] = useLocation();
  const [unlink, { loading }] = useMutation(UnlinkRecords);
  const takeOff = (toRecordId: string) => unlink({ variables: { input: { recordId: record.id, toRecordId } } }).catch((error: unknown) => tellProblem(record.title, problemOf(error)));
  if (record.links.length === 0 && !edit?.adding) return null;
  return (
    <Section title={l.title} control={edit && !edit.adding ? { label: t.add, onClick: edit.begin } : null}>
      <ul className={css.rows}>
        {record.links.map(({ recordId, record: other, label, direction }) => (
          <li key={recordId}>
            {direction === 'OUTGOING' ? <ArrowRight size={14} role="img" aria-label={l.to} /> : <ArrowLeft size={14} role="img" aria-label={l.from} />}
            <p>
              {label && <span>{label} · </span>}
              <Address to={`${path}?${writeFilters(search, { record: recordId } as Partial<Filters>)}`}>{other.title}</Address>
              <span> {t.record.number(other.number)}</span>
            </p>
            <Badge tone={other.status === 'WON' ? 'good' : other.status === 'LOST' ? 'bad' : 'accent'}>{t.filters.statuses[other.status]}</Badge>
            {edit && <Button look="quiet" icon disabled={loading} aria-label={t.record.unlink(other.title)} onClick={() => void takeOff(recordId)}><X size={14} aria-hidden /></Button>}
          </li>
        ))}
      </ul>
      {edit?.adding && <Adding record={record} onDone={edit.end} />}
    </Section>
  );
}

/** Address goes to another card on the same screen. */
function Address({ to, children }: { to: string; children: string }) {
  const [, navigate] = useLocation();
  return <a href={to} onClick={(event) => !event.ctrlKey && !event.metaKey && !event.shiftKey && (event.preventDefault(), navigate(to))}>{children}</a>;
}

function Adding({ record, onDone }: { record: PartProps['record']; onDone: () => void }) {
  const { client } = useWork();
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState<Choice | null>(null);
  const [label, setLabel] = useState('');
  usePartUnsaved(Boolean(text.trim() || label.trim()));
  const [link, { loading }] = useMutation(LinkRecords);
  const find = async (q: string): Promise<Choice[]> => {
    const { data } = await client.query({ query: FindRecords, variables: { filter: { q, id: { notIn: [record.id, ...record.links.map(({ recordId }) => recordId)] } }, first: 6 }, fetchPolicy: 'no-cache' });
    return (data?.records.nodes ?? []).map(({ id, number, title, pipeline, contactName }) => ({ id, name: title, detail: [t.record.number(number), pipeline.name, contactName].filter(Boolean).join(' · ') }));
  };
  const go = async () => {
    if (!chosen) return;
    try {
      await link({ variables: { input: { recordId: record.id, toRecordId: chosen.id, label: label.trim() || null } } });
      onDone();
    } catch (error) {
      tellProblem(record.title, problemOf(error));
    }
  };
  return (
    <form className={css.adding} onSubmit={submitting(() => void go())}>
      <Combobox label={l.record} text={text} onText={(text) => (setText(text), setChosen(null))} find={find} onPick={(one) => (setChosen(one), setText(one.name))} maxLength={200} autoFocus />
      <TextField label={l.label} value={label} onChange={(e) => setLabel(e.target.value)} maxLength={50} />
      <div className={css.foot}>
        <Button onClick={onDone}>{t.cancel}</Button>
        <Button type="submit" look="primary" disabled={loading || !chosen}>{l.link}</Button>
      </div>
    </form>
  );
}
