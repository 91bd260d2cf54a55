import { useQuery } from '@apollo/client/react';
import { useRef, useState, type KeyboardEvent } from 'react';
import { useWork } from '../app/session';
import { t } from '../app/texts';
import { People } from '../gql/app';
import ui from '../ui/ui.module.css';
import { textOf, type EditField } from './edit';
import type { Row } from './rows';
import css from './list.module.css';

interface EditorProps {
  row: Row;
  field: EditField;
  label: string;
  wrong: string | null;
  onSave: (text: string) => void;
  onCancel: () => void;
}

/** Editor stands in the place of a cell: Enter and going elsewhere save, Escape puts it back. */
export function Editor({ row, field, label, wrong, onSave, onCancel }: EditorProps) {
  const [text, setText] = useState(textOf(row, field));
  const chosen = field === 'priority' || field === 'owner';
  // A text is saved once, although its editor loses the focus as it goes.
  const sent = useRef<string | null>(null);
  const done = (next = text) => {
    if (sent.current === next) return;
    sent.current = next;
    if (next.trim() === textOf(row, field).trim() && !wrong) onCancel();
    else onSave(next);
  };
  const press = (event: KeyboardEvent) => {
    event.stopPropagation();
    if (event.key === 'Escape') onCancel();
    else if (event.key === 'Enter') done();
    else return;
    event.preventDefault();
  };
  const common = {
    'aria-label': `${label}: ${row.title}`, 'aria-invalid': wrong ? true : undefined, title: wrong ?? undefined, autoFocus: true, onKeyDown: press,
    className: `${ui.input} ${css.editor}`, value: text, onBlur: () => (wrong ? onCancel() : done()),
  };
  if (chosen) {
    return (
      <select {...common} onChange={(event) => (setText(event.target.value), done(event.target.value))}>
        {field === 'priority' ? Object.entries(t.board.priority).map(([key, name]) => <option key={key} value={key}>{name}</option>) : <Owners row={row} />}
      </select>
    );
  }
  const type = field === 'expectedCloseDate' ? 'date' : 'text';
  return <input {...common} type={type} inputMode={field === 'value' ? 'decimal' : undefined} maxLength={200} onChange={(event) => setText(event.target.value)} onFocus={(event) => type === 'text' && event.target.select()} />;
}

/** Owners are those whom one may give a card. */
function Owners({ row }: { row: Row }) {
  const { viewer, can } = useWork();
  const { data } = useQuery(People);
  const people = data?.members.nodes.filter(({ id }) => can('CAN_ASSIGN_OTHERS') || id === viewer.member?.id || id === row.owner?.id);
  return (
    <>
      <option value="">{t.nobody}</option>
      {people?.map(({ id, name }) => <option key={id} value={id}>{name}</option>)}
    </>
  );
}
