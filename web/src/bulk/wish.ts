import type { ApolloClient, TypedDocumentNode } from '@apollo/client';
import type { Keyring } from '../app/keyring';
import { problemOf, sentence, type Problem } from '../app/problem';
import { t } from '../app/texts';
import type { Rows } from '../board/selection';
import * as gql from '../gql/bulk';
import type { JobFieldsFragment, Priority } from '../gql/types';
import { given, type Reason } from '../record/reason';

/** What shall become of the chosen cards. */
export type Wish =
  /** `afterId` is the card above the place; null: on top, as when it is not given. */
  | { do: 'move'; to: string; toStageId: string; toPipelineId?: string; reason?: Reason; afterId?: string | null }
  | { do: 'assign'; to: string; ownerId: string | null }
  | { do: 'tag'; add: string[]; remove: string[] }
  | { do: 'priority'; to: string; priority: Priority }
  | { do: 'remove' };

/** What came of it, or would have. */
export interface Outcome {
  matched: number;
  changed: number;
  failed: number;
  unchanged: number;
  results: readonly { id: string; ok: boolean; error: { code: string; message: string; field: string | null } | null }[];
  job?: JobFieldsFragment | null;
}

type Document = TypedDocumentNode<{ outcome: Outcome }, { input: object; key?: string }>;

const documents = {
  move: [gql.TryMoveRecords, gql.MoveRecords],
  assign: [gql.TryAssignRecords, gql.AssignRecords],
  tag: [gql.TryTagRecords, gql.TagRecords],
  priority: [gql.TryUpdateRecords, gql.UpdateRecords],
  remove: [gql.TryDeleteRecords, gql.DeleteRecords],
} as const;

function inputOf(wish: Wish): object {
  switch (wish.do) {
    case 'move': {
      const { toStageId, toPipelineId, reason, afterId } = wish;
      return { toStageId, ...(toPipelineId && { toPipelineId }), ...(reason && given(reason)), ...(afterId && { place: { afterRecordId: afterId } }) };
    }
    case 'assign':
      return { ownerId: wish.ownerId };
    case 'tag':
      return { add: wish.add, remove: wish.remove };
    case 'priority':
      return { set: { priority: wish.priority } };
    case 'remove':
      return {};
  }
}

/**
 * run does what was wished, or without keys only rehearses it: the server does it whole and rolls it back. When cards
 * came or went, so that a filter gives another number, `rows` of the answer has the present one, and a rehearsal goes on
 * with that.
 */
export async function run(client: ApolloClient, wish: Wish, rows: Rows, keyOf: Keyring | null): Promise<{ outcome?: Outcome; problem?: Problem; rows: Rows }> {
  const mutation = documents[wish.do][keyOf ? 1 : 0] as unknown as Document;
  const input = { ...inputOf(wish), ...rows };
  try {
    const { data } = await client.mutate({ mutation, variables: keyOf ? { input, key: keyOf([wish.do, input]) } : { input }, fetchPolicy: 'no-cache' });
    return data ? { outcome: data.outcome, rows } : { rows };
  } catch (error) {
    const problem = problemOf(error);
    const count = problem.current?.count;
    if (problem.code !== 'CONFLICT' || !('filter' in rows) || typeof count !== 'number' || count === rows.expectedCount) return { problem, rows };
    const now = { ...rows, expectedCount: count };
    return keyOf ? { problem, rows: now } : run(client, wish, now, null);
  }
}

export interface Refusal {
  why: string;
  ids: readonly string[];
}

/** refusals puts the rows that were refused together by why, the most frequent first. */
export function refusals(outcome: Outcome): Refusal[] {
  const by = new Map<string, string[]>();
  for (const { id, error } of outcome.results) {
    if (!error) continue;
    const why = reason(error);
    by.set(why, [...(by.get(why) ?? []), id]);
  }
  return [...by].map(([why, ids]) => ({ why, ids })).sort((a, b) => b.ids.length - a.ids.length);
}

function reason({ code, message, field }: NonNullable<Outcome['results'][number]['error']>): string {
  const name = field?.replace(/^.*\./, '').replace(/[A-Z]/g, (letter) => '_' + letter).toUpperCase() ?? '';
  if (code === 'STAGE_REQUIREMENTS' && t.record.fields[name]) return t.bulk.lacks(t.record.fields[name]);
  if (name === 'LOST_REASON_KEY') return t.board.lostReason.left;
  return code in t.codes ? sentence({ code, message }) : message;
}
