import { t } from '../app/texts';
import { isGiven, useReason, type Reason } from '../record/reason';
import { ReasonFields } from '../record/reason-fields';
import { Button } from '../ui/controls';
import { Dialog } from '../ui/overlays';
import ui from '../ui/ui.module.css';
import css from './lost-reason.module.css';

const l = t.board.lostReason;

/** LostReason asks why before a card goes to a stage of what is lost. */
export default function LostReason({ onAnswer, onClose }: { onAnswer: (reason: Reason) => void; onClose: () => void }) {
  const { reason, onChange } = useReason();
  return (
    <Dialog open onClose={onClose} title={l.title} description={l.hint}>
      <form className={css.form} onSubmit={(event) => (event.preventDefault(), isGiven(reason) && onAnswer(reason))}>
        <ReasonFields reason={reason} onChange={onChange} autoFocus />
        <div className={ui.dialogFoot}>
          <Button onClick={onClose}>{t.cancel}</Button>
          <Button type="submit" look="primary" disabled={!isGiven(reason)}>{l.move}</Button>
        </div>
      </form>
    </Dialog>
  );
}
