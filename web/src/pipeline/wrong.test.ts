import { expect, it } from 'vitest';
import type { Draft } from './draft';
import { wrongIn } from './wrong';

const stage = { key: 'a', id: null, name: 'One', color: '#3B82F6', probability: '', kind: 'OPEN' as const, stale: '', required: [] };
const fine: Draft = { name: 'Errands', description: '', category: 'CUSTOM', recordType: 'DEAL', stale: '', reason: false, stages: [stage] };
const fields = (change: Partial<Draft>) => wrongIn({ ...fine, ...change }, String)?.details?.map(({ field }) => field) ?? null;

it('hours are whole, from one to a year, or none', () => {
  expect(['', ' 1 ', '72', '8760'].map((stale) => fields({ stale }))).toEqual([null, null, null, null]);
  for (const stale of ['0', '-5', '2.5', '8761', '99999999999', '1e3']) expect(fields({ stale })).toEqual(['input.staleAfterHours']);
  expect(wrongIn({ ...fine, stale: '0' }, (n) => n.toLocaleString('en'))?.message).toBe('Hours are a whole number from 1 to 8,760, or none.');
});

it('a probability is told at its stage, a closed stage has none, and names are there', () => {
  for (const probability of ['200', '-5', '12.5', 'half']) expect(fields({ stages: [stage, { ...stage, probability }] })).toEqual(['input.stages[1].defaultProbability']);
  expect(fields({ stages: [{ ...stage, kind: 'WON', probability: '200' }, { ...stage, probability: '100' }] })).toBeNull();
  expect(fields({ name: ' ', stages: [{ ...stage, name: '' }] })).toEqual(['input.name', 'input.stages[0].name']);
});
