import { useQuery } from '@apollo/client/react';
import { useId, useRef, useState, type KeyboardEvent } from 'react';
import { days } from '../app/format';
import { useWork } from '../app/session';
import { t } from '../app/texts';
import { question, useUnsaved } from '../app/unsaved';
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
  /** Tells whether it needs no more care. */
  onSave: (text: string) => Promise<boolean>;
  onDone: () => void;
}

/** Editor stands in the place of a cell: Enter and going elsewhere save, Escape puts it back. */
export function Editor({ row, field, label, wrong, onSave, onDone }: EditorProps) {
  const { format } = useWork();
  const id = useId();
  const first = field === 'value' && row.value ? format.typed(row.value.amount) : textOf(row, field);
  const [text, setText] = useState(first);
  const typed = useRef(text);
  const type = (next: string) => setText((typed.current = next));
  // What is there, what is on its way there, and what was refused. A text is sent once, although its editor loses the focus as it goes.
  const held = useRef(first);
  const sent = useRef<string | null>(null);
  const refused = useRef<string | null>(null);
  const [sending, setSending] = useState(false);
  useUnsaved(!sending && text.trim() !== held.current.trim());
  const done = async () => {
    const next = typed.current;
    if (sent.current === next) return;
    if (sent.current === null && next.trim() === held.current.trim()) return onDone();
    sent.current = next;
    setSending(true);
    let saved = false;
    try {
      saved = await onSave(next);
      if (saved) held.current = next;
    } finally {
      if (sent.current === next) {
        sent.current = null;
        setSending(false);
        if (!saved) refused.current = next;
        // What was typed while it was sent stays.
        else if (typed.current === next) onDone();
      }
    }
  };
  // Whoever is asked whether this may be lost has not gone elsewhere.
  const leave = () => {
    if (question.snapshot()) return;
    if (typed.current === refused.current) onDone();
    else void done();
  };
  // A closed list changes with each key on the way to the one that is meant: that is no choice yet.
  const underway = useRef(false);
  const press = (event: KeyboardEvent) => {
    event.stopPropagation();
    underway.current = !event.altKey && event.key !== ' ';
    if (event.key === 'Escape') onDone();
    else if (event.key === 'Enter') void done();
    else return;
    event.preventDefault();
  };
  const common = {
    'aria-label': `${label}: ${row.title}`, 'aria-invalid': wrong ? true : undefined, 'aria-describedby': wrong ? id : undefined, autoFocus: true, onKeyDown: press,
    className: `${ui.input} ${css.editor}`, value: text, onBlur: leave,
  };
  return (
    <>
      {field === 'priority' || field === 'owner' ? (
        <select {...common} onKeyUp={() => (underway.current = false)} onPointerDown={() => (underway.current = false)} onChange={(event) => (type(event.target.value), underway.current || void done())}>
          {field === 'priority' ? Object.entries(t.board.priority).map(([key, name]) => <option key={key} value={key}>{name}</option>) : <Owners row={row} />}
        </select>
      ) : (
        <input {...common} {...(field === 'expectedCloseDate' ? { type: 'date', ...days } : { type: 'text' })} inputMode={field === 'value' ? 'decimal' : undefined} maxLength={200} onChange={(event) => type(event.target.value)}
          onFocus={(event) => field !== 'expectedCloseDate' && event.target.select()} />
      )}
      {wrong && <p id={id} className={css.wrong}>{wrong}</p>}
    </>
  );
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
