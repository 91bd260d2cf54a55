import type { ReactNode } from 'react';
import { useWork } from '../app/session';
import { t } from '../app/texts';
import { SelectField, TextField } from '../ui/controls';
import type { Reason } from './reason';

const l = t.board.lostReason;

interface ReasonFieldsProps {
  reason: Reason;
  onChange: (change: Partial<Reason>) => void;
  hint?: ReactNode;
  /** What is wrong with the reason, and with its key. */
  wrong?: ReactNode;
  wrongKey?: ReactNode;
  autoFocus?: boolean;
}

/** ReasonFields ask why a card is lost: by the workspace's list where it has one, and in words. A reason that has left the list is offered where the card has it. */
export function ReasonFields({ reason: { lostReason, lostReasonKey }, onChange, hint, wrong, wrongKey, autoFocus }: ReasonFieldsProps) {
  const { reasons } = useWork();
  const left = lostReasonKey && !reasons.some(({ key }) => key === lostReasonKey);
  const listed = reasons.length > 0 || left;
  return (
    <>
      {listed && (
        <SelectField label={l.label} hint={hint} wrong={wrongKey} value={lostReasonKey} onChange={(e) => onChange({ lostReasonKey: e.target.value })} autoFocus={autoFocus} data-wide>
          <option value="">{t.none}</option>
          {reasons.map(({ key, label }) => <option key={key} value={key}>{label}</option>)}
          {left && <option value={lostReasonKey}>{lostReasonKey}</option>}
        </SelectField>
      )}
      <TextField label={listed ? l.words : l.label} hint={!listed && hint} wrong={wrong} value={lostReason} onChange={(e) => onChange({ lostReason: e.target.value })} maxLength={500} autoFocus={!listed && autoFocus} data-wide />
    </>
  );
}
