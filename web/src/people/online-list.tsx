import { Popover } from 'radix-ui';
import type { ReactNode } from 'react';
import { Avatar, cx } from '../ui/controls';
import ui from '../ui/ui.module.css';
import css from './online.module.css';

interface OnlineListProps {
  open: boolean;
  onOpen: (open: boolean) => void;
  label: string;
  groups: readonly { label: string; members: readonly { id: string; name: string }[] }[];
  trigger: ReactNode;
}

/** OnlineList names those who are there; it is loaded when it is asked for. */
export default function OnlineList({ open, onOpen, label, groups, trigger }: OnlineListProps) {
  return (
    <Popover.Root open={open} onOpenChange={onOpen}>
      <Popover.Trigger asChild>{trigger}</Popover.Trigger>
      <Popover.Portal>
        <Popover.Content className={cx(ui.menu, css.people)} align="end" sideOffset={6} collisionPadding={8} aria-label={label}>
          {groups.map(({ label, members }) => members.length > 0 && (
            <section key={label}>
              <h2 className={ui.menuLabel}>{label}</h2>
              <ul aria-label={label}>
                {members.map((member) => <li key={member.id}><Avatar of={member} size={20} />{member.name}</li>)}
              </ul>
            </section>
          ))}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
