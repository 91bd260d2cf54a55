import { makeKeyring } from '../app/keyring';
import { NETWORK, problemOf, sentence } from '../app/problem';
import type { Work } from '../app/session';
import { t } from '../app/texts';
import { restore } from '../app/texts/restore';
import { comeFrom } from '../board/origin';
import { RestoreRecords } from '../gql/bulk';
import { toast, type Toast } from '../ui/toasts';
import { refusals, type Outcome } from './wish';

/** undo is how the toast about deleted cards brings them back, for whoever may; `title` is that of the one card. */
export function undo({ client, can }: Pick<Work, 'client' | 'can'>, ids: readonly string[], title?: string): Toast['action'] {
  if (!can('CAN_EDIT_CRM') || ids.length === 0) return undefined;
  const keyOf = makeKeyring();
  const go = async (from: DOMRect) => {
    comeFrom(ids, from);
    try {
      const input = { ids };
      const { data } = await client.mutate({ mutation: RestoreRecords, variables: { input, key: keyOf(input) }, fetchPolicy: 'no-cache' });
      if (data) tell(data.outcome, title);
    } catch (error) {
      const problem = problemOf(error);
      // Perhaps it was done, and only the answer was lost: then it is asked for again.
      const action = problem.code === NETWORK ? { label: t.again, go } : undefined;
      toast({ tone: 'bad', title: restore.notBack(ids.length, title), text: sentence(problem), requestId: problem.requestId, action });
    }
  };
  return { label: restore.undo, go };
}

/** tell says how many are back, and why others are not. */
function tell(outcome: Outcome, title: string | undefined) {
  const { changed, unchanged, failed } = outcome;
  const back = changed + unchanged;
  if (back > 0) toast({ tone: 'good', title: restore.back(back, title) });
  if (failed > 0) toast({ tone: 'bad', title: restore.notBack(failed, title), text: refusals(outcome).map(({ why, ids }) => (title ? why : t.bulk.because(ids.length, why))).join(' ') });
}
