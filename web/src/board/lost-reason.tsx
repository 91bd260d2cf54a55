import { useState } from 'react';
import { t } from '../app/texts';
import { Button, TextField } from '../ui/controls';
import { Dialog } from '../ui/overlays';

const l = t.board.lostReason;

/** LostReason asks why before a card goes to a stage of what is lost. */
export default function LostReason({ onAnswer, onClose }: { onAnswer: (reason: string) => void; onClose: () => void }) {
  const [reason, setReason] = useState('');
  return (
    <Dialog open onClose={onClose} title={l.title} description={l.hint}>
      <form onSubmit={(event) => (event.preventDefault(), reason.trim() && onAnswer(reason.trim()))}>
        <TextField label={l.label} value={reason} onChange={(e) => setReason(e.target.value)} maxLength={200} autoFocus />
        <div style={{ display: 'flex', justifyContent: 'flex-end', gap: 'var(--space-2)', marginBlockStart: 'var(--space-5)' }}>
          <Button onClick={onClose}>{t.cancel}</Button>
          <Button type="submit" look="primary" disabled={!reason.trim()}>{l.move}</Button>
        </div>
      </form>
    </Dialog>
  );
}
