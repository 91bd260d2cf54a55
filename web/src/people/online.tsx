import { useQuery } from '@apollo/client/react';
import { Popover } from 'radix-ui';
import { useCallback } from 'react';
import { useRoute } from 'wouter';
import { useWork } from '../app/session';
import { t } from '../app/texts';
import { People } from '../gql/app';
import { WatchPresence } from '../gql/people';
import type { WatchPresenceSubscription } from '../gql/types';
import { useChanges } from '../live/use-changes';
import { Avatar, Button, cx } from '../ui/controls';
import ui from '../ui/ui.module.css';
import css from './online.module.css';

/** How many faces stand in the bar; all of them are in the list. */
const FACES = 3;

/** Online shows which other members are there now, as they come and go; first those who watch the same board. */
export default function Online() {
  const { client, viewer } = useWork();
  const { data, refetch } = useQuery(People);
  const see = useCallback(
    (frame: WatchPresenceSubscription['changes']) => {
      if (frame.__typename === 'ChangesReset') return void refetch().catch(() => undefined);
      if (frame.__typename !== 'ChangeCommit') return;
      for (const { entityId, after } of frame.changes) {
        const { is_online, watching } = (after ?? {}) as { is_online?: boolean; watching?: string[] };
        client.cache.modify({ id: `Member:${entityId}`, fields: { isOnline: () => is_online === true, watching: () => watching ?? [] } });
      }
    },
    [client, refetch],
  );
  useChanges<WatchPresenceSubscription>(WatchPresence, see, data !== undefined);
  const [, at] = useRoute('/w/:workspace/pipelines/:id/*?');
  const there = data?.members.nodes.filter(({ id, isOnline }) => isOnline && id !== viewer.member?.id) ?? [];
  if (there.length === 0) return null;
  const here = there.filter(({ watching }) => at && watching.includes(at.id));
  const elsewhere = there.filter((member) => !here.includes(member));
  const faces = [...here, ...elsewhere].slice(0, FACES);
  return (
    <Popover.Root>
      <Popover.Trigger asChild>
        <Button look="quiet" className={css.online} aria-label={t.online.label(there.length, here.length)}>
          {faces.map((member) => <span key={member.id} className={cx(css.face, here.includes(member) && css.here)}><Avatar of={member} size={24} /></span>)}
          {there.length > FACES && <span className={css.more}>+{there.length - FACES}</span>}
        </Button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content className={cx(ui.menu, css.people)} align="end" sideOffset={6} collisionPadding={8} aria-label={t.online.label(there.length, here.length)}>
          {[{ label: t.online.here, members: here }, { label: t.online.title, members: elsewhere }].map(({ label, members }) => members.length > 0 && (
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
