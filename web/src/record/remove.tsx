import { useMutation } from '@apollo/client/react';
import { problemOf, sentence } from '../app/problem';
import { useWork } from '../app/session';
import { t } from '../app/texts';
import { undo } from '../bulk/restore';
import { DeleteRecord } from '../gql/record';
import { Button } from '../ui/controls';
import { Dialog } from '../ui/overlays';
import { toast } from '../ui/toasts';

/** DeleteDialog asks before a card goes. */
export default function DeleteDialog({ card, onClose, onDone }: { card: { id: string; title: string }; onClose: () => void; onDone: () => void }) {
  const work = useWork();
  const [remove, { loading }] = useMutation(DeleteRecord);
  const go = async () => {
    try {
      await remove({ variables: { input: { id: card.id } } });
      toast({ title: t.record.deletedToast(card.title), action: undo(work, [card.id], card.title) });
      onDone();
    } catch (error) {
      const problem = problemOf(error);
      toast({ tone: 'bad', title: t.wrong.title, text: sentence(problem), requestId: problem.requestId });
    }
  };
  return (
    <Dialog open onClose={onClose} title={t.record.deleteTitle(card.title)} description={t.record.deleteHint}
      foot={<><Button onClick={onClose}>{t.cancel}</Button><Button look="danger" disabled={loading} onClick={() => void go()}>{t.remove}</Button></>} />
  );
}
