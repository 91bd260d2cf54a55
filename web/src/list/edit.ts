import type { ApolloClient } from '@apollo/client';
import { isDay } from '../app/format';
import type { Problem } from '../app/problem';
import { t } from '../app/texts';
import { forms } from '../app/texts/forms';
import type { UpdateRecordInput } from '../gql/types';
import { write } from '../record/write';
import type { Row } from './rows';

/** What may be changed in the list itself. */
export type EditField = 'title' | 'value' | 'priority' | 'owner' | 'expectedCloseDate';

export interface Conflict {
  field: EditField;
  row: Row;
  /** What was typed here, in the API's terms. */
  text: string;
  by: string;
}

interface Saved {
  problem?: Problem | undefined;
  conflict?: Conflict;
  /** The version at which it was written. */
  version?: number | undefined;
}

/** textOf is a field in the API's terms. */
export function textOf(row: Row, field: EditField): string {
  const texts: Record<EditField, string | null | undefined> = { title: row.title, value: row.value?.amount, priority: row.priority, owner: row.owner?.id, expectedCloseDate: row.expectedCloseDate };
  return texts[field] ?? '';
}

/** unfit is what need not be sent to be refused. */
export function unfit(field: EditField, text: string): Saved | null {
  const message = field === 'title' && !text ? t.record.titleMissing : field === 'expectedCloseDate' && !isDay(text) ? forms.noDay : null;
  return message === null ? null : { problem: { code: 'VALIDATION_FAILED', message } };
}

/** changeOf says a new text as a change. */
export function changeOf(row: Row, field: EditField, text: string, currency: string): Partial<UpdateRecordInput> {
  switch (field) {
    case 'owner':
      return { ownerId: text || null };
    case 'value':
      return { value: text ? { amount: text, currency: row.value?.currency ?? currency } : null };
    case 'priority':
      return { priority: text as Row['priority'] };
    case 'title':
      return { title: text.trim() };
    case 'expectedCloseDate':
      return { expectedCloseDate: text || null };
  }
}

/** save writes one field of the row that the editor began with, unless somebody changed that very field meanwhile. */
export async function save(client: ApolloClient, row: Row, field: EditField, text: string, currency: string, version = row.version): Promise<Saved> {
  const { problem, conflict, record } = await write(client, row.id, changeOf(row, field, text, currency), version);
  if (!conflict) return { problem, version: record?.version };
  const now = { ...row, ...conflict.record } as Row;
  // What an answer that was lost had written already.
  if (textOf(now, field) === text.trim()) return { version: now.version };
  return { conflict: { field, text, row: now, by: conflict.by } };
}

/** Saves sends what is typed into one cell one after the other, so that an own earlier save is no conflict. */
export class Saves {
  private readonly last = new Map<string, Promise<Saved>>();

  constructor(
    private readonly client: ApolloClient,
    private readonly currency: string,
  ) {}

  save(row: Row, field: EditField, text: string): Promise<Saved> {
    const cell = `${row.id} ${field}`;
    const before = this.last.get(cell) ?? Promise.resolve<Saved>({});
    const next = before.then(({ version = 0 }) => save(this.client, row, field, text, this.currency, Math.max(version, row.version)));
    this.last.set(cell, next);
    return next;
  }
}
