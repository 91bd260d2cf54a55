import { useQuery } from '@apollo/client/react';
import { useState } from 'react';
import { sentence } from '../app/problem';
import { useWork } from '../app/session';
import { t } from '../app/texts';
import { People } from '../gql/app';
import { Button } from '../ui/controls';
import { Dialog } from '../ui/overlays';
import { toast } from '../ui/toasts';
import { save, textOf, type Conflict, type EditField } from './edit';
import { columns } from './columns';

const l = t.list;

/** ConflictDialog shows both values of a field that two people changed, and lets one choose. */
export function ConflictDialog({ conflict, onClose, onAgain }: { conflict: Conflict; onClose: () => void; onAgain: (conflict: Conflict) => void }) {
  const { client, viewer, format } = useWork();
  const { data } = useQuery(People);
  const [busy, setBusy] = useState(false);
  const { field, row, text, by } = conflict;
  const label = columns.find((column) => column.edit === field)?.label ?? field;
  const currency = row.value?.currency ?? viewer.workspace.defaultCurrency;
  const shown: Record<EditField, (value: string) => string | undefined> = {
    title: (value) => value, value: (amount) => format.money({ amount, currency }), priority: (value) => t.board.priority[value],
    owner: (value) => data?.members.nodes.find(({ id }) => id === value)?.name, expectedCloseDate: (date) => format.day(date),
  };
  const show = (value: string) => (value && shown[field](value)) || t.none;
  const mine = async () => {
    setBusy(true);
    const { problem, conflict: again } = await save(client, row, field, text, viewer.workspace.defaultCurrency);
    setBusy(false);
    if (again) return onAgain(again);
    if (problem) toast({ tone: 'bad', title: l.notSaved(row.title), text: sentence(problem), requestId: problem.requestId });
    onClose();
  };
  return (
    <Dialog open onClose={onClose} title={l.conflict(label)} description={l.conflictHint(by, row.title)}
      foot={<><Button onClick={onClose}>{l.keepTheirs}</Button><Button look="primary" disabled={busy} onClick={() => void mine()}>{l.useMine}</Button></>}>
      <dl style={{ display: 'grid', gridTemplateColumns: 'auto 1fr', gap: 'var(--space-2) var(--space-4)' }}>
        <dt>{l.theirs(by)}</dt><dd style={{ margin: 0 }}><strong>{show(textOf(row, field))}</strong></dd>
        <dt>{l.mine}</dt><dd style={{ margin: 0 }}><strong>{show(text)}</strong></dd>
      </dl>
    </Dialog>
  );
}
