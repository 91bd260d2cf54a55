import { useQuery } from '@apollo/client/react';
import { Fragment, useCallback } from 'react';
import { useRoute } from 'wouter';
import { useWork } from '../app/session';
import { t } from '../app/texts';
import { People, Start } from '../gql/app';
import { WatchMembers } from '../gql/people';
import type { WatchMembersSubscription } from '../gql/types';
import { useChanges } from '../live/use-changes';
import { Avatar, Button, cx } from '../ui/controls';
import { Menu, MenuItem, MenuLabel } from '../ui/overlays';
import css from './online.module.css';

/** What is shown of a member, and what rights depend on. */
const shown = new Set(['first_name', 'last_name', 'email', 'avatar_url', 'role', 'permissions', 'team_ids']);

/** How many faces stand in the bar; all of them are in the menu. */
const FACES = 3;

/**
 * Online shows which other members are there now, as they come and go; first those who watch the same board. On every
 * screen it keeps true what is known of members, and of what one may do oneself.
 */
export default function Online() {
  const { client, viewer } = useWork();
  const { data } = useQuery(People);
  const me = viewer.member?.id;
  const see = useCallback(
    (frame: WatchMembersSubscription['changes']) => {
      const again = (query: typeof People | typeof Start) => void client.query({ query, fetchPolicy: 'network-only' }).catch(() => undefined);
      if (frame.__typename === 'ChangesReset') return [People, Start].forEach(again);
      if (frame.__typename !== 'ChangeCommit') return;
      for (const { kind, entityId, changed, after } of frame.changes) {
        if (kind === 'member.presence.changed') {
          const { is_online, watching } = (after ?? {}) as { is_online?: boolean; watching?: string[] };
          client.cache.modify({ id: `Member:${entityId}`, fields: { isOnline: () => is_online === true, watching: () => watching ?? [] } });
        } else if (kind !== 'member.updated' || changed.some((field) => shown.has(field))) {
          again(People);
          // What one may do follows from what one is.
          if (entityId === me) again(Start);
        }
      }
    },
    [client, me],
  );
  useChanges<WatchMembersSubscription>(WatchMembers, see, data?.members.revision ?? null);
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
