import { Pencil, Plus, X } from 'lucide-react';
import { useState } from 'react';
import type { Problem } from '../app/problem';
import { sentence } from '../app/problem';
import { useWork } from '../app/session';
import { t } from '../app/texts';
import { Button } from '../ui/controls';
import ui from '../ui/ui.module.css';
import { submitting } from './form';
import css from './parts.module.css';
import { Section, conflictOf, useSave, type PartProps } from './section';

const i = t.record.items;

/** LineItems are what a card is about, line by line; its value can follow from them. */
export default function LineItems({ record, edit }: PartProps) {
  const { format } = useWork();
  const items = record.lineItems;
  if (items.length === 0 && !edit?.adding) return null;
  return (
    <Section title={i.title} more={record.valueFromItems && i.makeValue} control={edit && !edit.adding ? { label: t.record.edit, icon: Pencil, onClick: edit.begin } : null}>
      {edit?.adding ? <Editor record={record} onDone={edit.end} /> : (
        <table className={css.items}>
          <thead className="hidden-visually"><tr><th scope="col">{i.name}</th><th scope="col">{i.quantity}</th><th scope="col">{i.unitPrice}</th><th scope="col">{i.total}</th></tr></thead>
          <tbody>
            {items.map((item, at) => (
              <tr key={at}>
                <th scope="row">{item.name}</th>
                <td>{format.number(Number(item.quantity))} ×</td>
                <td>{format.money({ amount: item.unitPrice, currency: record.currency })}</td>
                <td>{format.money({ amount: item.total, currency: record.currency })}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Section>
  );
}

const blank = { name: '', quantity: '1', unitPrice: '' };

type Item = typeof blank;

/** wrongAt finds what the server says of one field of one item. */
const wrongAt = (problem: Problem | null, at: number, field: keyof Item) => problem?.details?.find((detail) => detail.field === `input.lineItems[${at}].${field}`)?.message;

function Editor({ record, onDone }: { record: PartProps['record']; onDone: () => void }) {
  const [rows, setRows] = useState<readonly Item[]>(() => (record.lineItems.length ? record.lineItems.map(({ name, quantity, unitPrice }) => ({ name, quantity, unitPrice })) : [blank]));
  const [follows, setFollows] = useState(record.valueFromItems);
  const [problem, setProblem] = useState<Problem | null>(null);
  const { save, saving } = useSave(record);
  const change = (at: number, part: Partial<Item>) => setRows(rows.map((row, n) => (n === at ? { ...row, ...part } : row)));
  const submit = async () => {
    const lineItems = rows.filter(({ name, unitPrice }) => name.trim() || unitPrice.trim());
    setRows(lineItems);
    const problem = await save({ lineItems, valueFromItems: follows });
    setProblem(problem);
    if (!problem) onDone();
  };
  const first = problem?.details?.[0];
  const field = (row: Item, at: number, name: keyof Item, decimal: boolean) => (
    <td>
      <input className={ui.input} aria-label={i.of(i[name], at + 1)} aria-invalid={wrongAt(problem, at, name) ? true : undefined} inputMode={decimal ? 'decimal' : undefined} maxLength={decimal ? 20 : 200}
        autoFocus={!decimal && row === rows.at(-1) && !row.name} value={row[name]} onChange={(e) => change(at, { [name]: e.target.value })} />
    </td>
  );
  return (
    <form onSubmit={submitting(() => void submit())} noValidate>
      {problem && <p className={ui.wrong} role="alert">{problem.code === 'CONFLICT' ? conflictOf(problem) : first?.message ?? sentence(problem)}</p>}
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
      <div className={css.foot}>
        <Button onClick={onDone}>{t.cancel}</Button>
        <Button type="submit" look="primary" disabled={saving}>{t.save}</Button>
      </div>
    </form>
  );
}
