import { X } from 'lucide-react';
import { Dialog as RadixDialog, DropdownMenu, Tooltip } from 'radix-ui';
import { useId, useLayoutEffect, useState, type ComponentProps, type ReactNode, type RefObject } from 'react';
import { t } from '../app/texts';
import { Scope, closing, useUnsaved } from '../app/unsaved';
import { Button } from './controls';
import { MenuPages } from './submenu';
import css from './ui.module.css';

interface OpenProps {
  open: boolean;
  onClose: () => void;
}

interface DialogProps extends OpenProps {
  title: string;
  description?: ReactNode;
  children?: ReactNode;
  foot?: ReactNode;
  /** Whether something was typed that would be lost. */
  unsaved?: boolean;
}

/** Dialog asks for something before work goes on. */
export function Dialog({ open, onClose, title, description, children, foot, unsaved = false }: DialogProps) {
  const scope = useId();
  useUnsaved(unsaved, { inside: scope });
  return (
    <RadixDialog.Root open={open} onOpenChange={(is) => !is && closing(scope, onClose)}>
      <RadixDialog.Portal>
        <RadixDialog.Overlay className={css.veil} />
        <Content scope={scope} className={css.dialog} first={firstOf} {...(description ? {} : { 'aria-describedby': undefined })}>
          <div className={css.dialogHead}>
            <div>
              <RadixDialog.Title>{title}</RadixDialog.Title>
              {description && <RadixDialog.Description className={css.label}>{description}</RadixDialog.Description>}
            </div>
            <CloseButton />
          </div>
          {children}
          {foot && <div className={css.dialogFoot}>{foot}</div>}
        </Content>
      </RadixDialog.Portal>
    </RadixDialog.Root>
  );
}

/** Sheet slides in beside what one works on; that stays in view and at hand. */
export function Sheet({ open, onClose, title, children }: OpenProps & { title: string; children: ReactNode }) {
  const scope = useId();
  useBeside(open);
  return (
    <RadixDialog.Root open={open} onOpenChange={(is) => !is && closing(scope, onClose)} modal={false}>
      <RadixDialog.Portal>
        <Content scope={scope} className={css.sheet} first={(sheet) => sheet} aria-describedby={undefined} onInteractOutside={(event) => event.preventDefault()}>
          <RadixDialog.Title className="hidden-visually">{title}</RadixDialog.Title>
          {children}
        </Content>
      </RadixDialog.Portal>
    </RadixDialog.Root>
  );
}

/** Content takes the focus to what is `first` in it, and at its end gives it back to where it was. */
function Content({ scope, first, children, ...rest }: ComponentProps<typeof RadixDialog.Content> & { scope: string; first: (content: HTMLElement) => HTMLElement | null }) {
  const [giveBack] = useState(() => remembered(document.activeElement));
  const open = (event: Event) => {
    const to = first(event.target as HTMLElement);
    if (!to) return;
    event.preventDefault();
    to.focus();
  };
  const close = (event: Event) => {
    event.preventDefault();
    giveBack();
  };
  return (
    <Scope value={scope}>
      <RadixDialog.Content onOpenAutoFocus={open} onCloseAutoFocus={close} {...rest}>{children}</RadixDialog.Content>
    </Scope>
  );
}

/** firstOf is the first field of a dialog; without one, the first thing that it offers to do. */
function firstOf(dialog: HTMLElement): HTMLElement | null {
  const field = ':is(input:not([type=hidden]), select, textarea):not(:disabled)';
  return dialog.querySelector<HTMLElement>(field) ?? dialog.querySelector<HTMLElement>(`.${css.dialogFoot} button:not(:disabled)`);
}

/** remembered gives the focus back to an element, or to what stands in its place, unless it is somewhere already. */
function remembered(element: Element | null) {
  const opener = openerOf(element);
  const card = opener?.closest<HTMLElement>('[data-card]')?.dataset.card;
  return () => {
    const main = document.getElementById('content');
    const now = document.activeElement;
    if (now && now !== document.body && now !== main) return;
    const known = opener?.isConnected && opener !== document.body ? opener : null;
    const title = card ? document.querySelector<HTMLElement>(`[data-title="${card}"]`) : null;
    (known ?? title ?? main)?.focus({ preventScroll: true });
  };
}

/** openerOf is what remains of an element that opened something: of an item of a menu, the button of the menu. */
function openerOf(element: Element | null): HTMLElement | null {
  const menu = element?.closest('[role=menu]');
  if (menu) return openerOf(document.getElementById(menu.getAttribute('aria-labelledby') ?? ''));
  return element instanceof HTMLElement ? element : null;
}

let sheets = 0;

/** useBeside marks the page while a sheet lies over its end, so that what can be scrolled makes room for it. */
function useBeside(open: boolean) {
  useLayoutEffect(() => {
    if (!open) return;
    const { dataset } = document.documentElement;
    dataset.beside = '';
    sheets++;
    return () => {
      if (--sheets === 0) delete dataset.beside;
    };
  }, [open]);
}

/** CloseButton closes the Dialog or Sheet it stands in. */
export function CloseButton() {
  return (
    <RadixDialog.Close asChild>
      <Button look="quiet" icon aria-label={t.close}>
        <X size={18} aria-hidden />
      </Button>
    </RadixDialog.Close>
  );
}

export function Menu({ trigger, children, align = 'end', defaultOpen = false }: { trigger: ReactNode; children: ReactNode; align?: 'start' | 'end'; defaultOpen?: boolean }) {
  return (
    <DropdownMenu.Root defaultOpen={defaultOpen}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className={css.menu} align={align} sideOffset={6} collisionPadding={8}>
          <MenuPages>{children}</MenuPages>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

interface MenuAtProps {
  /** The button of the menu, which need not be made anew for it, and its id. */
  button: RefObject<HTMLElement | null>;
  labelledBy: string;
  open: boolean;
  onOpen: (open: boolean) => void;
  children: ReactNode;
}

/** MenuAt is the menu of a button that is there already; it is placed over the positioned element that both stand in. */
export function MenuAt({ button, labelledBy, open, onOpen, children }: MenuAtProps) {
  const close = (event: Event) => {
    event.preventDefault();
    const now = document.activeElement;
    if (!now || now === document.body) button.current?.focus({ preventScroll: true });
  };
  return (
    <DropdownMenu.Root open={open} onOpenChange={onOpen}>
      <DropdownMenu.Trigger asChild><span className={css.menuAt} aria-hidden /></DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className={css.menu} align="end" sideOffset={6} collisionPadding={8} aria-labelledby={labelledBy} onCloseAutoFocus={close}>
          <MenuPages>{children}</MenuPages>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

interface MenuItemProps {
  children: ReactNode;
  end?: ReactNode;
  onSelect: () => void;
  disabled?: boolean;
  checked?: boolean;
  /** The menu stays open, for more than one choice. */
  stays?: boolean;
}

export function MenuItem({ children, end, onSelect, disabled, checked, stays }: MenuItemProps) {
  const select = (event: Event) => {
    if (stays) event.preventDefault();
    onSelect();
  };
  const inside = (
    <>
      {children}
      {end && <span className={css.itemEnd}>{end}</span>}
    </>
  );
  if (checked === undefined) {
    return (
      <DropdownMenu.Item className={css.item} onSelect={select} disabled={disabled ?? false}>
        {inside}
      </DropdownMenu.Item>
    );
  }
  return (
    <DropdownMenu.CheckboxItem className={css.item} onSelect={select} checked={checked} disabled={disabled ?? false}>
      {inside}
      <DropdownMenu.ItemIndicator className={css.itemEnd}>✓</DropdownMenu.ItemIndicator>
    </DropdownMenu.CheckboxItem>
  );
}

export function MenuLabel({ children }: { children: ReactNode }) {
  return <DropdownMenu.Label className={css.menuLabel}>{children}</DropdownMenu.Label>;
}

export function MenuLine() {
  return <DropdownMenu.Separator className={css.separator} />;
}

/** Tip explains what a control shows by an icon; it repeats its name or says a little more. */
export function Tip({ text, children }: { text: ReactNode; children: ReactNode }) {
  return (
    <Tooltip.Root>
      <Tooltip.Trigger asChild>{children}</Tooltip.Trigger>
      <Tooltip.Portal>
        <Tooltip.Content className={css.tip} sideOffset={6} collisionPadding={8}>
          {text}
        </Tooltip.Content>
      </Tooltip.Portal>
    </Tooltip.Root>
  );
}
