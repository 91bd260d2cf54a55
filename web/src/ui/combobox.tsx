import { Plus } from 'lucide-react';
import { Popover } from 'radix-ui';
import { useEffect, useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { t } from '../app/texts';
import { Field, cx, useControl } from './controls';
import css from './combobox.module.css';
import ui from './ui.module.css';

const c = t.combobox;

/** Something that can be chosen: its name, and what tells it from others of the same name. */
export interface Choice {
  id: string;
  name: string;
  detail?: string | undefined;
}

interface ComboboxProps<C extends Choice> {
  label: ReactNode;
  hint?: ReactNode;
  wrong?: ReactNode;
  text: string;
  onText: (text: string) => void;
  /** What fits the text; asked when typing pauses. */
  find: (text: string) => Promise<readonly C[]>;
  onPick: (choice: C) => void;
  /** Makes something new of the text, where that can be. */
  make?: { label: (text: string) => string; onMake: () => void } | undefined;
  maxLength?: number;
  autoFocus?: boolean;
  placeholder?: string;
}

/** Combobox is a text that can also be chosen from what the server finds for it. Keys choose without leaving the text. */
export function Combobox<C extends Choice>({ label, hint, wrong, text, onText, find, onPick, make, ...rest }: ComboboxProps<C>) {
  const control = useControl({ hint, wrong });
  const listId = useId();
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const found = useFound(open ? text.trim() : '', find);
  const box = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const choices = found.choices ?? [];
  const count = found.choices ? choices.length + (make ? 1 : 0) : 0;
  const shown = open && found.choices !== null;
  useEffect(() => setActive(-1), [found.choices]);
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
  }, [active]);

  const pick = (at: number) => {
    setOpen(false);
    const choice = choices[at];
    if (choice) onPick(choice);
    else make?.onMake();
  };
  const press = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      if (!shown) setOpen(true);
      else if (count) setActive(active < 0 ? (step > 0 ? 0 : count - 1) : (active + step + count) % count);
    } else if (event.key === 'Enter' && shown && active >= 0) pick(active);
    else return;
    event.preventDefault();
  };
  const option = (at: number) => ({
    id: `${listId}-${at}`, role: 'option', 'aria-selected': at === active, onMouseMove: () => setActive(at), onClick: () => pick(at),
  });
  return (
    <Field {...{ label, hint, wrong }} id={control.id}>
      <Popover.Root open={shown} onOpenChange={setOpen}>
        <Popover.Anchor asChild>
          <input ref={box} className={ui.input} {...control} {...rest} value={text} role="combobox" aria-autocomplete="list" aria-expanded={shown && count > 0}
            aria-controls={shown && count > 0 ? listId : undefined} aria-activedescendant={shown && active >= 0 ? `${listId}-${active}` : undefined} autoComplete="off"
            onChange={(event) => (onText(event.target.value), setOpen(true))} onKeyDown={press} onBlur={() => setOpen(false)} />
        </Popover.Anchor>
        <Popover.Portal>
          <Popover.Content className={css.list} role={undefined} align="start" sideOffset={4} collisionPadding={8} onOpenAutoFocus={(event) => event.preventDefault()}
            onCloseAutoFocus={(event) => event.preventDefault()} onMouseDown={(event) => event.preventDefault()} onInteractOutside={(event) => event.target === box.current && event.preventDefault()}>
            {choices.length === 0 && <p className={css.none}>{found.failed ? c.failed : c.none}</p>}
            {count > 0 && (
              <ul role="listbox" id={listId} ref={list} aria-label={typeof label === 'string' ? label : c.label}>
                {choices.map(({ id, name, detail }, at) => <li key={id} className={css.option} {...option(at)}>{name}{detail && <span>{detail}</span>}</li>)}
                {make && <li className={cx(css.option, css.make)} {...option(choices.length)}><Plus size={16} aria-hidden />{make.label(text.trim())}</li>}
              </ul>
            )}
          </Popover.Content>
        </Popover.Portal>
      </Popover.Root>
      <p className="hidden-visually" role="status">{shown && (found.failed ? c.failed : c.found(choices.length))}</p>
    </Field>
  );
}

/** How long typing must pause before the server is asked, in milliseconds. */
const PAUSE = 200;

const nothing: { choices: readonly never[] | null; failed: boolean } = { choices: null, failed: false };

/** useFound asks what fits a text; the last answer stays until the next is here. Null: there is none yet. */
function useFound<C extends Choice>(text: string, find: (text: string) => Promise<readonly C[]>) {
  const [found, setFound] = useState<{ choices: readonly C[] | null; failed: boolean }>(nothing);
  const ask = useRef(find);
  ask.current = find;
  useEffect(() => {
    if (!text) return setFound(nothing);
    let late = false;
    const timer = setTimeout(() => {
      ask.current(text).then(
        (choices) => !late && setFound({ choices, failed: false }),
        () => !late && setFound({ choices: [], failed: true }),
      );
    }, PAUSE);
    return () => {
      late = true;
      clearTimeout(timer);
    };
  }, [text]);
  return found;
}
