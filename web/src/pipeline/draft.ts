import { newId } from '../app/id';
import type { PipelineEditorQuery, RecordField, StageKind } from '../gql/types';

export type Whole = NonNullable<PipelineEditorQuery['pipeline']>;

/** A stage as the editor has it: texts, as they are typed. `id` is null as long as it was not saved. */
export interface DraftStage {
  key: string;
  id: string | null;
  name: string;
  color: string;
  probability: string;
  kind: StageKind;
  stale: string;
  required: readonly RecordField[];
}

/** A pipeline as the editor has it. */
export interface Draft {
  name: string;
  description: string;
  category: Whole['category'];
  recordType: Whole['recordType'];
  stale: string;
  reason: boolean;
  stages: readonly DraftStage[];
}

export const draftOf = (pipeline: Whole): Draft => ({
  name: pipeline.name, description: pipeline.description ?? '', category: pipeline.category, recordType: pipeline.recordType,
  stale: String(pipeline.staleAfterHours ?? ''), reason: pipeline.requireLostReason,
  stages: pipeline.stages.map((stage) => ({
    key: stage.id, id: stage.id, name: stage.name, color: stage.color, kind: stage.kind, required: stage.requiredFields,
    probability: stage.kind === 'OPEN' ? String(stage.defaultProbability ?? '') : '', stale: String(stage.staleAfterHours ?? ''),
  })),
});

export const freshStage = (): DraftStage => ({ key: newId(), id: null, name: '', color: '#3B82F6', probability: '', kind: 'OPEN', stale: '', required: [] });

/** differs tells whether anything was typed. */
export const differs = (before: Draft, typed: Draft) => JSON.stringify(before) !== JSON.stringify(typed);

/** over puts what was typed over what is there now, field by field; the rest is taken over. */
function over<T extends object>(before: T, typed: T, now: T): T {
  const mine = (Object.keys(typed) as (keyof T)[]).filter((name) => String(typed[name]) !== String(before[name]));
  return { ...now, ...Object.fromEntries(mine.map((name) => [name, typed[name]])) };
}

/**
 * rebased puts what was typed over a pipeline as somebody else left it. A stage that they deleted and that was changed here
 * is made anew; stages that they added stand after those they follow.
 */
export function rebased(before: Draft, typed: Draft, now: Draft): Draft {
  const [was, is] = [byKey(before.stages), byKey(now.stages)];
  const mine = typed.stages.flatMap((stage) => {
    const [old, current] = [was.get(stage.key), is.get(stage.key)];
    if (!old) return [stage];
    if (current) return [over(old, stage, current)];
    return JSON.stringify(old) === JSON.stringify(stage) ? [] : [{ ...stage, key: newId(), id: null }];
  });
  const stages = ordered(before.stages, typed.stages) ? mine : inOrderOf(now.stages, mine);
  now.stages.forEach((stage, at) => {
    if (was.has(stage.key)) return;
    const follows = now.stages.slice(0, at).findLast(({ key }) => stages.some((one) => one.key === key));
    stages.splice(follows ? stages.findIndex(({ key }) => key === follows.key) + 1 : 0, 0, stage);
  });
  return { ...over({ ...before, stages: [] }, { ...typed, stages: [] }, { ...now, stages: [] }), stages };
}

const byKey = (stages: readonly DraftStage[]) => new Map(stages.map((stage) => [stage.key, stage]));

/** ordered tells whether the stages that are in both stand in another order. */
function ordered(before: readonly DraftStage[], typed: readonly DraftStage[]) {
  const both = (some: readonly DraftStage[], others: readonly DraftStage[]) => some.filter(({ key }) => others.some((other) => other.key === key)).map(({ key }) => key).join();
  return both(before, typed) !== both(typed, before);
}

/** inOrderOf puts those stages that are in another list into its order; the others stay where they are. */
function inOrderOf(list: readonly DraftStage[], stages: DraftStage[]): DraftStage[] {
  const known = list.flatMap(({ key }) => stages.find((stage) => stage.key === key) ?? []);
  return stages.map((stage) => (list.some(({ key }) => key === stage.key) ? known.shift()! : stage));
}
