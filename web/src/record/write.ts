import type { ApolloClient } from '@apollo/client';
import { problemOf, type Problem } from '../app/problem';
import { RecordPanel, UpdateRecord } from '../gql/record';
import type { RecordDetailFragment, UpdateRecordInput } from '../gql/types';

export interface Written {
  /** The card as it is now, when it was written or stands against it. */
  record?: RecordDetailFragment;
  problem?: Problem;
  /** Somebody changed the very same: nothing was written. */
  conflict?: { by: string; at: string; record: RecordDetailFragment };
}

/** How often others may be faster with something else before it is given up. */
const TRIES = 5;

/**
 * write changes fields of a card as they were at a version. What others did meanwhile to other fields does not matter; what
 * they did to these does: then nothing is written, and the answer tells what is there now and who was faster.
 */
export async function write(client: ApolloClient, id: string, change: Partial<UpdateRecordInput>, version: number): Promise<Written> {
  for (let tries = 0; tries < TRIES; tries++) {
    try {
      const { data } = await client.mutate({ mutation: UpdateRecord, variables: { input: { id, ...change, expect: { version } } } });
      return data ? { record: data.updateRecord.record } : {};
    } catch (error) {
      const problem = problemOf(error);
      const now = problem.current as { version?: number; changed?: Record<string, unknown>; updatedBy?: { name: string }; updatedAt?: string } | undefined;
      if (problem.code !== 'CONFLICT' || now?.version === undefined) return { problem };
      if (!now.changed || Object.keys(now.changed).length > 0) return await against(client, id, now).catch(() => ({ problem }));
      version = now.version;
    }
  }
  return { problem: { code: 'CONFLICT', message: '' } };
}

async function against(client: ApolloClient, id: string, now: { updatedBy?: { name: string }; updatedAt?: string }): Promise<Written> {
  const { data } = await client.query({ query: RecordPanel, variables: { id }, fetchPolicy: 'network-only' });
  const record = data?.record;
  if (!record) return { problem: { code: 'NOT_FOUND', message: '' } };
  return { conflict: { record, by: now.updatedBy?.name ?? record.updatedBy.name, at: now.updatedAt ?? record.updatedAt } };
}
