import { useCallback, useState } from 'react';
import type { Work } from '../app/session';
import type { PipelineFieldsFragment } from '../gql/types';

/** Why a card is lost: one of the workspace's reasons, words, or both; empty texts where there is none. */
export interface Reason {
  lostReason: string;
  lostReasonKey: string;
}

export const noReason: Reason = { lostReason: '', lostReasonKey: '' };

/** given are the parts of a reason that were filled in, as they are sent. */
export function given({ lostReason, lostReasonKey }: Reason): Partial<Reason> {
  return { ...(lostReason.trim() && { lostReason: lostReason.trim() }), ...(lostReasonKey && { lostReasonKey }) };
}

/** useReason holds a reason while somebody says it. */
export function useReason() {
  const [reason, setReason] = useState(noReason);
  return { reason, onChange: useCallback((change: Partial<Reason>) => setReason((held) => ({ ...held, ...change })), []) };
}

/** asksWhy tells whether no card comes into a stage without a reason: its pipeline wants one of those that are lost, or the workspace does. */
export const asksWhy = (pipeline: Pick<PipelineFieldsFragment, 'requireLostReason' | 'stages'> | undefined, stageId: string, reasonNeeded = false) =>
  pipeline !== undefined && (reasonNeeded || pipeline.requireLostReason) && pipeline.stages.some(({ id, kind }) => id === stageId && kind === 'LOST');

export const isGiven = (reason: Reason) => Object.keys(given(reason)).length > 0;

/** told says why a card is lost: the label, or the key once the list has it no more, and the words. */
export function told(card: { lostReason: string | null; lostReasonKey: string | null }, reasons: Work['reasons']): string {
  const label = reasons.find(({ key }) => key === card.lostReasonKey)?.label ?? card.lostReasonKey;
  return [label, card.lostReason].filter(Boolean).join(' · ');
}
