import { useFragment } from '@apollo/client/react';
import { useEffect, useState, useSyncExternalStore } from 'react';
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
