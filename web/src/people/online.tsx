import { useQuery } from '@apollo/client/react';
import { print } from '@apollo/client/utilities';
import { Fragment, useEffect } from 'react';
import { useRoute } from 'wouter';
import { useWork } from '../app/session';
import { t } from '../app/texts';
import { People } from '../gql/app';
import { WatchPresence } from '../gql/people';
import type { WatchPresenceSubscription } from '../gql/types';
import { Avatar, Button, cx } from '../ui/controls';
import { Menu, MenuItem, MenuLabel } from '../ui/overlays';
import css from './online.module.css';

/** How many faces stand in the bar; all of them are in the menu. */
const FACES = 3;

/** Online shows which other members are there now, as they come and go; first those who watch the same board. */
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
            const { is_online, watching } = (after ?? {}) as { is_online?: boolean; watching?: string[] };
            client.cache.modify({ id: `Member:${entityId}`, fields: { isOnline: () => is_online === true, watching: () => watching ?? [] } });
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
  const [, at] = useRoute('/w/:workspace/pipelines/:id/*?');
  const there = data?.members.nodes.filter(({ id, isOnline }) => isOnline && id !== viewer.member?.id) ?? [];
  if (there.length === 0) return null;
  const here = there.filter(({ watching }) => at && watching.includes(at.id));
  const elsewhere = there.filter((member) => !here.includes(member));
  const faces = [...here, ...elsewhere].slice(0, FACES);
  return (
    <Menu trigger={
      <Button look="quiet" className={css.online} aria-label={t.online.label(there.length, here.length)}>
        {faces.map((member) => <span key={member.id} className={cx(css.face, here.includes(member) && css.here)}><Avatar of={member} size={24} /></span>)}
        {there.length > FACES && <span className={css.more}>+{there.length - FACES}</span>}
      </Button>
    }>
      {[{ label: t.online.here, members: here }, { label: t.online.title, members: elsewhere }].map(({ label, members }) => members.length > 0 && (
        <Fragment key={label}>
          <MenuLabel>{label}</MenuLabel>
          {members.map((member) => <MenuItem key={member.id} onSelect={() => undefined}><Avatar of={member} size={20} />{member.name}</MenuItem>)}
        </Fragment>
      ))}
    </Menu>
  );
}
