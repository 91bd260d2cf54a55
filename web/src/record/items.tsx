import { Pencil, Plus, X } from 'lucide-react';
import { useState } from 'react';
import { unread } from '../app/amount';
import type { Format } from '../app/format';
import { sentence, type Problem } from '../app/problem';
import { useWork } from '../app/session';
import { t } from '../app/texts';
import { Button } from '../ui/controls';
import ui from '../ui/ui.module.css';
import { submitting } from './form';
import css from './parts.module.css';
import { Section, usePartUnsaved, useSave, type PartProps } from './section';
import type { Written } from './write';

const i = t.record.items;

/** LineItems are what a card is about, line by line; its value can follow from them. */
export default function LineItems({ record, edit }: PartProps) {
  if (record.lineItems.length === 0 && !edit?.adding) return null;
  return (
    <Section title={i.title} more={record.valueFromItems && i.makeValue} control={edit && !edit.adding ? { label: t.record.edit, icon: Pencil, onClick: edit.begin } : null}>
      {edit?.adding ? <Editor record={record} onDone={edit.end} /> : (
        <Lines record={record} />
      )}
    </Section>
  );
}

function Lines({ record }: { record: PartProps['record'] }) {
  const { format } = useWork();
  return (
    <table className={css.items}>
      <thead className="hidden-visually"><tr><th scope="col">{i.name}</th><th scope="col">{i.quantity}</th><th scope="col">{i.unitPrice}</th><th scope="col">{i.total}</th></tr></thead>
      <tbody>
        {record.lineItems.map((item, at) => (
          <tr key={at}>
            <th scope="row">{item.name}</th>
            <td>{format.number(Number(item.quantity))} ×</td>
            <td>{format.money({ amount: item.unitPrice, currency: record.currency })}</td>
            <td>{format.money({ amount: item.total, currency: record.currency })}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const blank = { name: '', quantity: '1', unitPrice: '' };

type Item = typeof blank;

/** wrongAt finds what the server says of one field of one item. */
const wrongAt = (problem: Problem | null, at: number, field: keyof Item) => problem?.details?.find((detail) => detail.field === `input.lineItems[${at}].${field}`)?.message;

/** linesIn says typed items in the API's terms, or what of them is no number. */
function linesIn(rows: readonly Item[], format: Format): { lineItems: Item[]; problem?: Problem } {
  const wrong: string[] = [];
  const read = (row: Item, at: number, field: 'quantity' | 'unitPrice') => {
    const amount = row[field].trim() && format.read(row[field]);
    if (amount === null) wrong.push(`input.lineItems[${at}].${field}`);
    return amount ?? '';
  };
  const lineItems = rows.map((row, at) => ({ name: row.name, quantity: read(row, at, 'quantity'), unitPrice: read(row, at, 'unitPrice') }));
  return wrong.length ? { lineItems, problem: unread(format, ...wrong) } : { lineItems };
}

function Editor({ record, onDone }: { record: PartProps['record']; onDone: () => void }) {
  const { format } = useWork();
  // What the editor began with: what others do meanwhile is not written over unasked.
  const [began, setBegan] = useState(record);
  const [first] = useState<readonly Item[]>(() =>
    record.lineItems.length ? record.lineItems.map(({ name, quantity, unitPrice }) => ({ name, quantity: format.typed(quantity), unitPrice: format.typed(unitPrice) })) : [blank]);
  const [rows, setRows] = useState(first);
  const [follows, setFollows] = useState(record.valueFromItems);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [conflict, setConflict] = useState<Written['conflict']>();
  const { save, saving } = useSave(record.id);
  usePartUnsaved(follows !== began.valueFromItems || JSON.stringify(rows) !== JSON.stringify(first));
  const change = (at: number, part: Partial<Item>) => setRows(rows.map((row, n) => (n === at ? { ...row, ...part } : row)));
  const submit = async (over = began) => {
    const lines = rows.filter(({ name, unitPrice }) => name.trim() || unitPrice.trim());
    setRows(lines);
    const { lineItems, problem } = linesIn(lines, format);
    if (problem) return setProblem(problem);
    const written = await save({ lineItems, ...(follows !== over.valueFromItems && { valueFromItems: follows }) }, over);
    setProblem(written.problem ?? null);
    setConflict(written.conflict);
    if (!written.problem && !written.conflict) onDone();
  };
  const mine = () => {
    if (!conflict) return;
    setBegan(conflict.record);
    void submit(conflict.record);
  };
  const field = (row: Item, at: number, name: keyof Item, decimal: boolean) => (
    <td>
      <input className={ui.input} aria-label={i.of(i[name], at + 1)} aria-invalid={wrongAt(problem, at, name) ? true : undefined} inputMode={decimal ? 'decimal' : undefined} maxLength={decimal ? 20 : 200}
        autoFocus={!decimal && row === rows.at(-1) && !row.name} value={row[name]} onChange={(e) => change(at, { [name]: e.target.value })} />
    </td>
  );
  return (
    <form onSubmit={submitting(() => conflict || void submit())} noValidate>
      {problem && <p className={ui.wrong} role="alert">{problem.details?.[0]?.message ?? sentence(problem)}</p>}
      <table className={css.items}>
        <thead><tr><th scope="col">{i.name}</th><th scope="col">{i.quantity}</th><th scope="col">{i.unitPrice}</th><td /></tr></thead>
        <tbody>
          {rows.map((row, at) => (
            <tr key={at}>
              {field(row, at, 'name', false)}
              {field(row, at, 'quantity', true)}
              {field(row, at, 'unitPrice', true)}
              <td><Button look="quiet" icon aria-label={i.remove(at + 1)} onClick={() => setRows(rows.filter((_, n) => n !== at))}><X size={14} aria-hidden /></Button></td>
            </tr>
          ))}
        </tbody>
      </table>
      <Button look="quiet" disabled={rows.length >= 100} onClick={() => setRows([...rows, blank])}><Plus size={14} aria-hidden />{i.add}</Button>
      <label className={css.follows}><input type="checkbox" checked={follows} onChange={(e) => setFollows(e.target.checked)} />{i.follows}</label>
      {conflict ? (
        <div className={css.clash} role="alert">
          <p className={ui.wrong}>{i.conflict(conflict.by, format.moment(conflict.at))}</p>
          {conflict.record.lineItems.length ? <Lines record={conflict.record} /> : <p>{t.none}</p>}
          {conflict.record.valueFromItems && <p>{i.makeValue}</p>}
          <div className={css.foot}>
            <Button onClick={onDone}>{t.list.keepTheirs}</Button>
            <Button look="primary" disabled={saving} onClick={mine}>{t.list.useMine}</Button>
          </div>
        </div>
      ) : (
        <div className={css.foot}>
          <Button onClick={onDone}>{t.cancel}</Button>
          <Button type="submit" look="primary" disabled={saving}>{t.save}</Button>
        </div>
      )}
    </form>
  );
}
