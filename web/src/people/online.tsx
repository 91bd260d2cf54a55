import { useQuery } from '@apollo/client/react';
import { print } from '@apollo/client/utilities';
import { useEffect } from 'react';
import { useWork } from '../app/session';
import { t } from '../app/texts';
import { People } from '../gql/app';
import { WatchPresence } from '../gql/people';
import type { WatchPresenceSubscription } from '../gql/types';
import { Avatar, Button } from '../ui/controls';
import { Menu, MenuItem, MenuLabel } from '../ui/overlays';
import css from './online.module.css';

/** How many faces stand in the bar; all of them are in the menu. */
const FACES = 3;

/** Online shows which other members are there now, as they come and go. */
export default function Online() {
  const { client, socket, viewer } = useWork();
  const { data, refetch } = useQuery(People, { fetchPolicy: 'cache-and-network' });
  useEffect(() => {
    const stop = socket.client.subscribe<WatchPresenceSubscription>(
      { query: print(WatchPresence), operationName: 'WatchPresence' },
      {
        next: ({ data }) => {
          if (data?.changes.__typename !== 'ChangeCommit') return;
          for (const { entityId, after } of data.changes.changes) {
            const isOnline = (after as { is_online?: boolean } | null)?.is_online === true;
            client.cache.modify({ id: `Member:${entityId}`, fields: { isOnline: () => isOnline } });
          }
        },
        error: () => undefined, // the session has ended, and the gate says so
        complete: () => undefined,
      },
    );
    // Who came or went while the connection was lost, or before it stood.
    const off = socket.subscribe(() => socket.state() === 'connected' && void refetch().catch(() => undefined));
    return () => {
      stop();
      off();
    };
  }, [client, socket, refetch]);
  const there = data?.members.nodes.filter(({ id, isOnline }) => isOnline && id !== viewer.member?.id) ?? [];
  if (there.length === 0) return null;
  return (
    <Menu trigger={
      <Button look="quiet" className={css.online} aria-label={t.online.label(there.length)}>
        {there.slice(0, FACES).map((member) => <Avatar key={member.id} of={member} size={24} />)}
        {there.length > FACES && <span>+{there.length - FACES}</span>}
      </Button>
    }>
      <MenuLabel>{t.online.title}</MenuLabel>
      {there.map((member) => <MenuItem key={member.id} onSelect={() => undefined}><Avatar of={member} size={20} />{member.name}</MenuItem>)}
    </Menu>
  );
}
