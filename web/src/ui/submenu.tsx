import { DropdownMenu } from 'radix-ui';
import { createContext, use, useEffect, useId, useRef, useState, type ReactNode } from 'react';
import { createPortal } from 'react-dom';
import { t } from '../app/texts';
import css from './ui.module.css';
import { useNarrow } from './use-narrow';

interface SubMenuProps {
  label: ReactNode;
  children: ReactNode;
}

/** The pages of one menu: which of them are open, each inside the one before, and where they stand. */
const Pages = createContext<{ open: readonly string[]; go: (to: readonly string[]) => void; place: HTMLElement | null }>({ open: [], go: () => undefined, place: null });
const Within = createContext<readonly string[]>([]);

/** MenuPages is what a menu holds; its submenus take its place where there is no room beside it. */
export function MenuPages({ children }: { children: ReactNode }) {
  const [open, go] = useState<readonly string[]>([]);
  const [place, setPlace] = useState<HTMLElement | null>(null);
  return (
    <Pages value={{ open, go, place }}>
      <div hidden={open.length > 0}>{children}</div>
      <div ref={setPlace} />
    </Pages>
  );
}

/** SubMenu opens beside the menu, and on a phone in its place. */
export function SubMenu(props: SubMenuProps) {
  return useNarrow() ? <Page {...props} /> : <Beside {...props} />;
}

function Beside({ label, children }: SubMenuProps) {
  return (
    <DropdownMenu.Sub>
      <DropdownMenu.SubTrigger className={css.item}>
        {label}
        <span className={css.itemEnd} aria-hidden>›</span>
      </DropdownMenu.SubTrigger>
      <DropdownMenu.Portal>
        <DropdownMenu.SubContent className={css.menu} sideOffset={4} collisionPadding={8}>
          {children}
        </DropdownMenu.SubContent>
      </DropdownMenu.Portal>
    </DropdownMenu.Sub>
  );
}

function Page({ label, children }: SubMenuProps) {
  const { open, go, place } = use(Pages);
  const within = use(Within);
  const id = useId();
  const here = [...within, id];
  const isOpen = here.every((part, i) => open[i] === part);
  const item = useRef<HTMLDivElement>(null);
  const back = useRef<HTMLDivElement>(null);
  const was = useRef(false);
  // The keyboard goes along into the page, and back to where it was opened.
  useEffect(() => {
    if (was.current !== isOpen) (isOpen ? back : item).current?.focus();
    was.current = isOpen;
  }, [isOpen]);
  return (
    <>
      <DropdownMenu.Item className={css.item} ref={item} onSelect={(event) => (event.preventDefault(), go(here))}>
        {label}
        <span className={css.itemEnd} aria-hidden>›</span>
      </DropdownMenu.Item>
      {isOpen && place && createPortal(
        <div hidden={open.length > here.length}>
          <DropdownMenu.Item className={css.item} ref={back} onSelect={(event) => (event.preventDefault(), go(within))}>
            <span aria-hidden>‹</span>
            {t.back}
          </DropdownMenu.Item>
          <DropdownMenu.Label className={css.menuLabel}>{label}</DropdownMenu.Label>
          <Within value={here}>{children}</Within>
        </div>,
        place,
      )}
    </>
  );
}
