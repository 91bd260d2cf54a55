import { X } from 'lucide-react';
import { Dialog as RadixDialog, DropdownMenu, Tooltip } from 'radix-ui';
import type { ReactNode } from 'react';
import { t } from '../app/texts';
import { Button } from './controls';
import { MenuPages } from './submenu';
import css from './ui.module.css';

interface OpenProps {
  open: boolean;
  onClose: () => void;
}

/** Dialog asks for something before work goes on. */
export function Dialog({ open, onClose, title, description, children, foot }: OpenProps & { title: string; description?: ReactNode; children?: ReactNode; foot?: ReactNode }) {
  return (
    <RadixDialog.Root open={open} onOpenChange={(is) => !is && onClose()}>
      <RadixDialog.Portal>
        <RadixDialog.Overlay className={css.veil} />
        <RadixDialog.Content className={css.dialog} {...(description ? {} : { 'aria-describedby': undefined })}>
          <div className={css.dialogHead}>
            <div>
              <RadixDialog.Title>{title}</RadixDialog.Title>
              {description && <RadixDialog.Description className={css.label}>{description}</RadixDialog.Description>}
            </div>
            <CloseButton />
          </div>
          {children}
          {foot && <div className={css.dialogFoot}>{foot}</div>}
        </RadixDialog.Content>
      </RadixDialog.Portal>
    </RadixDialog.Root>
  );
}

/** Sheet slides in beside what one works on; that stays in view and at hand. */
export function Sheet({ open, onClose, title, children }: OpenProps & { title: string; children: ReactNode }) {
  return (
    <RadixDialog.Root open={open} onOpenChange={(is) => !is && onClose()} modal={false}>
      <RadixDialog.Portal>
        <RadixDialog.Content className={css.sheet} aria-describedby={undefined} onInteractOutside={(event) => event.preventDefault()}>
          <RadixDialog.Title className="hidden-visually">{title}</RadixDialog.Title>
          {children}
        </RadixDialog.Content>
      </RadixDialog.Portal>
    </RadixDialog.Root>
  );
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

export function MenuItem({ children, end, onSelect, disabled, checked }: { children: ReactNode; end?: ReactNode; onSelect: () => void; disabled?: boolean; checked?: boolean }) {
  const inside = (
    <>
      {children}
      {end && <span className={css.itemEnd}>{end}</span>}
    </>
  );
  if (checked === undefined) {
    return (
      <DropdownMenu.Item className={css.item} onSelect={onSelect} disabled={disabled ?? false}>
        {inside}
      </DropdownMenu.Item>
    );
  }
  return (
    <DropdownMenu.CheckboxItem className={css.item} onSelect={onSelect} checked={checked} disabled={disabled ?? false}>
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
