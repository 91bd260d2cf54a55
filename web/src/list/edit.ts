import type { ApolloClient } from '@apollo/client';
import { problemOf, type Problem } from '../app/problem';
import { RecordPanel, UpdateRecord } from '../gql/record';
import type { UpdateRecordInput } from '../gql/types';
import type { Row } from './rows';

/** What may be changed in the list itself. */
export type EditField = 'title' | 'value' | 'priority' | 'owner' | 'expectedCloseDate';

export interface Conflict {
  field: EditField;
  row: Row;
  /** What was typed here. */
  text: string;
  by: string;
}

/** textOf is a field as an editor has it. */
export function textOf(row: Row, field: EditField): string {
  const texts: Record<EditField, string | null | undefined> = { title: row.title, value: row.value?.amount, priority: row.priority, owner: row.owner?.id, expectedCloseDate: row.expectedCloseDate };
  return texts[field] ?? '';
}

/** changeOf says a new text in the API's terms. */
export function changeOf(row: Row, field: EditField, text: string, currency: string): Partial<UpdateRecordInput> {
  switch (field) {
    case 'owner':
      return { ownerId: text || null };
    case 'value':
      return { value: text.trim() ? { amount: text.trim(), currency: row.value?.currency ?? currency } : null };
    case 'priority':
      return { priority: text as Row['priority'] };
    case 'title':
      return { title: text.trim() };
    case 'expectedCloseDate':
      return { expectedCloseDate: text || null };
  }
}

/**
 * save writes one field of the row that the editor began with. Another field changed meanwhile does not matter; this one
 * does: then nothing is written, and the answer tells who was faster.
 */
export async function save(client: ApolloClient, row: Row, field: EditField, text: string, currency: string): Promise<{ problem?: Problem; conflict?: Conflict }> {
  const attempt = (version: number) => client.mutate({ mutation: UpdateRecord, variables: { input: { id: row.id, ...changeOf(row, field, text, currency), expect: { version } } } });
  let version = row.version;
  for (let tries = 0; tries < 5; tries++) {
    try {
      await attempt(version);
      return {};
    } catch (error) {
      const problem = problemOf(error);
      const now = problem.current as { version?: number; changed?: Record<string, unknown>; updatedBy?: { name: string } } | undefined;
      if (problem.code !== 'CONFLICT' || now?.version === undefined) return { problem };
      const names: readonly string[] = field === 'owner' ? ['owner', 'ownerId'] : field === 'value' ? ['value', 'currency'] : [field];
      if (!now.changed || names.some((name) => name in now.changed!)) {
        const { data } = await client.query({ query: RecordPanel, variables: { id: row.id }, fetchPolicy: 'network-only' });
        return data?.record ? { conflict: { field, text, row: { ...row, ...data.record } as Row, by: now.updatedBy?.name ?? data.record.updatedBy.name } } : { problem };
      }
      version = now.version;
    }
  }
  return { problem: { code: 'CONFLICT', message: '' } };
}
