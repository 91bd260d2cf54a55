import type { Format } from '../app/format';
import type { PipelineFieldsFragment } from '../gql/types';
import type { Draft } from './form';

/** What the numbers of a form are read by: the workspace's way to write them, and the stages a card can be in. */
export interface Reading {
  format: Pick<Format, 'read' | 'typed'>;
  stages: PipelineFieldsFragment['stages'];
}

type Part = Pick<Draft, 'stageId' | 'probability'>;

export const stageOf = ({ stageId }: Part, { stages }: Reading) => stages.find(({ id }) => id === stageId);

/** isOpen tells whether a card has a probability of its own there: that of a won or lost one is fixed. */
export const isOpen = (draft: Part, reading: Reading) => stageOf(draft, reading)?.kind === 'OPEN';

/** percentOf reads a probability; null when it is none. */
export function percentOf(text: string, { format }: Reading): number | null {
  const n = Number(format.read(text.replace(/\s*%$/, '')) ?? NaN);
  return Number.isInteger(n) && n >= 0 && n <= 100 ? n : null;
}

/** probabilityText is a probability as a form has it: empty where it is the stage's. */
export function probabilityText(probability: number, stageId: string, reading: Reading): string {
  const stage = stageOf({ stageId, probability: '' }, reading);
  return stage?.kind === 'OPEN' && probability !== (stage.defaultProbability ?? 0) ? String(probability) : '';
}

/** probabilityIn is what the field holds once another stage is chosen: what was typed stays, else it is that stage's. */
export function probabilityIn(stageId: string, draft: Part, before: Part): string {
  if (draft.probability && draft.probability !== before.probability) return draft.probability;
  return stageId === before.stageId ? before.probability : '';
}

/** emptyProbability is what an empty field stands for; null where that is not known before: a stage without a default keeps what a card brings. */
export function emptyProbability(draft: Part, before: Part, reading: Reading): number | null {
  return stageOf(draft, reading)?.defaultProbability ?? (draft.stageId === before.stageId ? 0 : null);
}

/** probabilityChange says a change of the probability in the API's terms, which sets the stage's by itself when a card enters it. */
export function probabilityChange(before: Part, after: Part, reading: Reading): { probability?: number | null } {
  if (!isOpen(after, reading)) return {};
  const [was, is] = [before.probability.trim(), after.probability.trim()];
  const moved = before.stageId !== after.stageId;
  if (is) return moved || is !== was ? { probability: percentOf(is, reading) } : {};
  return was && !moved ? { probability: emptyProbability(after, before, reading) } : {};
}
