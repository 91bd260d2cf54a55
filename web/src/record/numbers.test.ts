import { expect, it } from 'vitest';
import { makeFormat } from '../app/format';
import type { PipelineFieldsFragment } from '../gql/types';
import { emptyProbability, percentOf, probabilityChange, probabilityIn, probabilityText } from './numbers';

const stage = (id: string, kind: 'OPEN' | 'WON', defaultProbability: number | null) => ({ id, kind, defaultProbability }) as PipelineFieldsFragment['stages'][number];
const reading = { format: makeFormat({ locale: 'de', timezone: 'UTC' }), stages: [stage('half', 'OPEN', 50), stage('none', 'OPEN', null), stage('won', 'WON', 100)] };
const at = (stageId: string, probability: string) => ({ stageId, probability });

it('a probability is a whole number from 0 to 100, with a sign of percent or without', () => {
  expect(['0', '100', ' 45 ', '45 %', '45%', '٤٥'].map((text) => percentOf(text, reading))).toEqual([0, 100, 45, 45, 45, null]);
  expect(['101', '-1', '4,5', 'half', ''].map((text) => percentOf(text, reading))).toEqual([null, null, null, null, null]);
});

it('a probability that is the stage\'s leaves the field empty', () => {
  expect([probabilityText(50, 'half', reading), probabilityText(30, 'half', reading), probabilityText(0, 'none', reading), probabilityText(100, 'won', reading)]).toEqual(['', '30', '', '']);
});

it('what is typed is sent, and an emptied field is the stage\'s', () => {
  expect(probabilityChange(at('half', ''), at('half', ''), reading)).toEqual({});
  expect(probabilityChange(at('half', '30'), at('half', ' 30'), reading)).toEqual({});
  expect(probabilityChange(at('half', ''), at('half', '30 %'), reading)).toEqual({ probability: 30 });
  expect(probabilityChange(at('half', '30'), at('half', ''), reading)).toEqual({ probability: 50 });
  expect(probabilityChange(at('none', '30'), at('none', ''), reading)).toEqual({ probability: 0 });
});

it('with another stage the server sets the stage\'s, unless one was typed; a closed stage takes none', () => {
  expect(probabilityIn('half', at('none', '30'), at('none', '30'))).toBe('');
  expect(probabilityIn('half', at('none', '40'), at('none', '30'))).toBe('40');
  expect(probabilityIn('none', at('half', ''), at('none', '30'))).toBe('30');
  expect(probabilityChange(at('none', '30'), at('half', ''), reading)).toEqual({});
  expect(probabilityChange(at('none', '30'), at('half', '30'), reading)).toEqual({ probability: 30 });
  expect(probabilityChange(at('half', ''), at('won', '30'), reading)).toEqual({});
  expect([emptyProbability(at('half', ''), at('none', ''), reading), emptyProbability(at('none', ''), at('none', ''), reading), emptyProbability(at('none', ''), at('half', ''), reading)]).toEqual([50, 0, null]);
});
