import { expect, it } from 'vitest';
import type { CommitFieldsFragment } from '../gql/types';
import { linesOf } from './words';

const names = { stage: (id: string) => ({ a: 'Lead', b: 'Won' })[id], pipeline: () => 'Sales', person: (id: string) => (id === 'm' ? 'Amara' : undefined), reason: () => undefined };
const commit = (...changes: object[]) =>
  ({ revision: '7', changes: changes.map((c, ordinal) => ({ ordinal, entity: 'record', entityId: 'r' + ordinal, before: {}, after: { title: 'Cranes' }, changed: [], ...c })) }) as unknown as CommitFieldsFragment;
const say = (...changes: object[]) => linesOf(commit(...changes), names).map(({ text }) => text);

it('what happened is said in words', () => {
  expect(say({ kind: 'record.stage.changed', after: { title: 'Cranes', stage_id: 'b' } })).toEqual(['moved “Cranes” to Won']);
  expect(say({ kind: 'record.assigned', after: { title: 'Cranes', owner_id: 'm' } })).toEqual(['gave “Cranes” to Amara']);
  expect(say({ kind: 'record.assigned', after: { title: 'Cranes', owner_id: null } })).toEqual(['took “Cranes” from its owner']);
  expect(say({ kind: 'record.updated', changed: ['expected_close_date', 'tags', 'version'] })).toEqual(['changed expected close, tags of “Cranes”']);
  expect(say({ kind: 'pipeline.created', entity: 'pipeline', after: { name: 'Support' } })).toEqual(['created the pipeline “Support”']);
});

it('what happened to many is said once, and what follows from a move is not said again', () => {
  const move = (entityId: string) => [{ kind: 'record.stage.changed', entityId, after: { title: 'x', stage_id: 'b' } }, { kind: 'record.won', entityId, after: { title: 'x' } }];
  expect(say(...move('1'), ...move('2'), ...move('3'))).toEqual(['moved 3 cards to Won']);
});

it('what tells nothing is left out, and a deleted card cannot be opened', () => {
  expect(say({ kind: 'record.ranked' }, { kind: 'member.presence.changed', entity: 'member' })).toEqual([]);
  expect(linesOf(commit({ kind: 'record.deleted', before: { title: 'Cranes' }, after: {} }), names)[0]).toMatchObject({ text: 'deleted “Cranes”', recordId: null });
  expect(linesOf(commit({ kind: 'record.created' }), names)[0]!.recordId).toBe('r0');
});
