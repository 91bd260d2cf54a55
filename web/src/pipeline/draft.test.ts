import { expect, it } from 'vitest';
import { differs, freshStage, rebased, type Draft, type DraftStage } from './draft';

const stage = (name: string, more: Partial<DraftStage> = {}): DraftStage => ({ ...freshStage(), key: name, id: name, name, ...more });
const before: Draft = { name: 'Sales', description: '', category: 'SALES', recordType: 'DEAL', stale: '', reason: false, stages: [stage('Lead'), stage('Talks'), stage('Won', { kind: 'WON' })] };
const names = (draft: Draft) => draft.stages.map(({ name }) => name);

it('keeps what was typed and takes over the rest, field by field', () => {
  const typed = { ...before, name: 'Mine', stages: before.stages.map((one) => (one.id === 'Talks' ? { ...one, name: 'Long talks' } : one)) };
  const now = { ...before, description: 'Hers', stages: before.stages.map((one) => (one.id === 'Talks' ? { ...one, color: '#000000' } : one)) };
  const merged = rebased(before, typed, now);
  expect(merged).toMatchObject({ name: 'Mine', description: 'Hers' });
  expect(merged.stages[1]).toMatchObject({ id: 'Talks', name: 'Long talks', color: '#000000' });
  expect(differs(now, merged)).toBe(true);
  expect(differs(now, rebased(before, before, now))).toBe(false);
});

it('stages that came and went on either side', () => {
  const [lead, talks, won] = before.stages as [DraftStage, DraftStage, DraftStage];
  const mine = { ...freshStage(), name: 'Mine' };
  // She deleted Talks and added Hers behind Lead; he added Mine behind Talks.
  const now = { ...before, stages: [lead, stage('Hers'), won] };
  expect(names(rebased(before, { ...before, stages: [lead, talks, mine, won] }, now))).toEqual(['Lead', 'Hers', 'Mine', 'Won']);
  // What he deleted stays deleted; what he changed and she deleted is made anew.
  expect(names(rebased(before, { ...before, stages: [talks, won] }, before))).toEqual(['Talks', 'Won']);
  const anew = rebased(before, { ...before, stages: [lead, { ...talks, name: 'Long talks' }, won] }, now).stages.find(({ name }) => name === 'Long talks');
  expect(anew).toMatchObject({ id: null });
});

it('the order is his where he changed it, else hers', () => {
  const [lead, talks, won] = before.stages as [DraftStage, DraftStage, DraftStage];
  const hers = { ...before, stages: [talks, lead, won] };
  expect(names(rebased(before, { ...before, name: 'Mine' }, hers))).toEqual(['Talks', 'Lead', 'Won']);
  expect(names(rebased(before, { ...before, stages: [won, lead, talks] }, hers))).toEqual(['Won', 'Lead', 'Talks']);
});
