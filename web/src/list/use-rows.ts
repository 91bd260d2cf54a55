import { useFragment } from '@apollo/client/react';
import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { useWork } from '../app/session';
import { RowFields } from '../gql/list';
import type { RecordOrder } from '../gql/types';
import type { BoardFeed } from '../live/feed';
import { Rows, type Row, type RowsState } from './rows';

const nothing: RowsState = { ids: [], total: 0, hasMore: false, phase: 'loading', problem: null };
const still = () => () => undefined;
const empty = () => nothing;

/** useRows reads a list once its stream runs, so that no change falls between; the list shown stays until the next is here. */
export function useRows(feed: BoardFeed | null, orderBy: readonly RecordOrder[]) {
  const { client } = useWork();
  const [rows, setRows] = useState<Rows | null>(null);
  const key = JSON.stringify(orderBy);
  useEffect(() => {
    if (!feed) return;
    const next = new Rows(client, feed, JSON.parse(key) as RecordOrder[]);
    const off = next.subscribe(() => next.snapshot().phase !== 'loading' && setRows(next));
    return () => {
      off();
      next.close();
    };
  }, [client, feed, key]);
  const state = useSyncExternalStore(rows?.subscribe ?? still, rows?.snapshot ?? empty);
  return { rows, state };
}

/** useRow reads a row from the cache, and renders again when it changes; null while it is not whole. */
export function useRow(id: string): Row | null {
  const { data, complete } = useFragment({ fragment: RowFields, fragmentName: 'RowFields', from: { __typename: 'Record', id } });
  return complete ? (data as Row) : null;
}

/** useHeld keeps a row where it was while it is edited, although the list has it no more: what is typed there is not lost. */
export function useHeld(ids: readonly string[], edited: string | null): readonly string[] {
  const [place, setPlace] = useState(-1);
  const now = edited === null ? -1 : ids.indexOf(edited);
  if (now >= 0 && now !== place) setPlace(now);
  return useMemo(() => (edited === null || now >= 0 || place < 0 ? ids : ids.toSpliced(place, 0, edited)), [ids, edited, now, place]);
}
