import { useSyncExternalStore } from 'react';
import { Button } from '../ui/controls';
import { Dialog } from '../ui/overlays';
import { t } from './texts';
import { question } from './unsaved';

const u = t.unsaved;

/** Leaving asks before what was typed is lost. */
export function Leaving() {
  const asked = useSyncExternalStore(question.subscribe, question.snapshot);
  if (!asked) return null;
  return (
    <Dialog open onClose={question.keep} title={u.title} description={u.hint}
      foot={<><Button onClick={question.keep}>{u.keep}</Button><Button look="danger" onClick={question.discard}>{u.discard}</Button></>} />
  );
}
