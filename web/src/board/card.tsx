import { useFragment } from '@apollo/client/react';
import { CalendarDays, Clock, EllipsisVertical, MessageCircle } from 'lucide-react';
import { memo, useId, useRef, useState, type ReactNode, type SyntheticEvent } from 'react';
import { useWork } from '../app/session';
import { t } from '../app/texts';
import { CardFields } from '../gql/board';
import type { Card } from '../live/replica';
import { Avatar, Badge, Button } from '../ui/controls';
import { MenuAt } from '../ui/overlays';
import css from './card.module.css';

const b = t.board;

/** useCard reads a card from the cache, and renders again when it changes; null while it is not whole. */
export function useCard(id: string): Card | null {
  const { data, complete } = useFragment({ fragment: CardFields, fragmentName: 'CardFields', from: { __typename: 'Record', id } });
  return complete ? (data as Card) : null;
}

interface CardProps {
  id: string;
  /** The button with the card's title, whose attributes depend on where the card stands. */
  title: (card: Card) => ReactNode;
  menu?: ((card: Card) => ReactNode) | undefined;
  /** The box that chooses the card, where cards can be chosen. */
  box?: ((card: Card) => ReactNode) | null;
  /** Whether Tab comes to what is in it. */
  isStop?: boolean;
}

/** CardFace is what a card shows. It is the same on the board, in the hand and on its way. */
export const CardFace = memo(function CardFace({ id, title, menu, box, isStop }: CardProps) {
  const card = useCard(id);
  if (!card) return <div className={css.face} />;
  return (
    <>
      {box?.(card)}
      <CardBody card={card} title={title(card)} actions={menu && <CardMenu card={card} menu={menu} tabIndex={isStop ? 0 : -1} />} />
    </>
  );
});

/** CardBody is a card as it is given, which need not be as it is now. */
export function CardBody({ card, title, actions }: { card: Card; title: ReactNode; actions?: ReactNode }) {
  const { format } = useWork();
  const who = card.contact?.fullName ?? card.contactName;
  return (
    <div className={css.face} data-priority={card.priority}>
      <div className={css.top}>
        <h3 className={css.title}>{title}</h3>
        {actions}
      </div>
      {(who || card.companyName) && <p className={css.who}>{[who, card.companyName].filter(Boolean).join(' · ')}</p>}
      <div className={css.foot}>
        {card.value && <span className={css.value}>{format.money(card.value)}</span>}
        <span className={css.marks}>
          {(card.priority === 'HIGH' || card.priority === 'URGENT') && <Badge tone={card.priority === 'URGENT' ? 'bad' : 'warn'}>{b.priority[card.priority]}</Badge>}
          {card.isOverdue && card.expectedCloseDate && (
            <Badge tone="bad" title={b.due(format.day(card.expectedCloseDate))}>
              <CalendarDays size={12} aria-hidden />
              {b.overdue}
            </Badge>
          )}
          {card.isStale && !card.isOverdue && (
            <Badge title={format.ago(card.stageEnteredAt)}>
              <Clock size={12} aria-hidden />
              {b.stale}
            </Badge>
          )}
          {card.chatUrl && <MessageCircle className={css.chat} size={14} aria-hidden />}
        </span>
        {card.owner ? (
          <span className={css.owner} title={b.ownedBy(card.owner.name)}>
            <Avatar of={card.owner} size={22} />
            <span className="hidden-visually">{b.ownedBy(card.owner.name)}</span>
          </span>
        ) : (
          <span className={css.nobody} title={b.unassigned}>
            <span className="hidden-visually">{b.unassigned}</span>
          </span>
        )}
      </div>
    </div>
  );
}

const stop = (event: SyntheticEvent) => event.stopPropagation();

/** CardMenu is a button, and a menu that is made when somebody comes near: a board has hundreds of cards. */
function CardMenu({ card, menu, tabIndex }: { card: Card; menu: (card: Card) => ReactNode; tabIndex: number }) {
  const [near, setNear] = useState(false);
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  const ask = () => {
    setNear(true);
    setOpen(true);
  };
  // What happens in the menu bubbles to the card, which would open, or be taken in the hand.
  return (
    <span className={css.menu} onClick={stop} onMouseDown={stop} onTouchStart={stop}>
      <Button ref={button} id={id} look="quiet" icon className={css.more} aria-label={b.actions(card.title)} tabIndex={tabIndex} data-actions aria-haspopup="menu" aria-expanded={open} data-state={open ? 'open' : undefined}
        onPointerEnter={(event) => event.pointerType === 'mouse' && setNear(true)} onFocus={(event) => event.currentTarget.matches(':focus-visible') && setNear(true)}
        onClick={ask} onKeyDown={(event) => event.key === 'ArrowDown' && (event.preventDefault(), ask())}>
        <EllipsisVertical size={16} aria-hidden />
      </Button>
      {near && <MenuAt button={button} labelledBy={id} open={open} onOpen={setOpen}>{menu(card)}</MenuAt>}
    </span>
  );
}
