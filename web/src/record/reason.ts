import type { Work } from '../app/session';

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

export const isGiven = (reason: Reason) => Object.keys(given(reason)).length > 0;

/** told says why a card is lost: the label, or the key once the list has it no more, and the words. */
export function told(card: { lostReason: string | null; lostReasonKey: string | null }, reasons: Work['reasons']): string {
  const label = reasons.find(({ key }) => key === card.lostReasonKey)?.label ?? card.lostReasonKey;
  return [label, card.lostReason].filter(Boolean).join(' · ');
}
