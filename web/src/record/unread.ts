import { unread } from '../app/amount';
import { isDay } from '../app/format';
import { invalid, type Problem } from '../app/problem';
import { t } from '../app/texts';
import { forms } from '../app/texts/forms';
import { tagsOf, type Draft } from './form';
import { isOpen, percentOf, stageOf, type Reading } from './numbers';

/** How long a tag can be. */
const TAG = 50;

type Typed = Pick<Draft, 'title' | 'stageId' | 'amount' | 'probability' | 'expectedCloseDate' | 'tags'>;

/** unreadIn finds what in a form cannot be understood, or cannot be: nothing of it is sent. `before` is null of a new card. */
export function unreadIn(draft: Typed, before: Typed | null, reading: Reading): Problem | null {
  const all: { field: string; message: string }[] = [];
  const wrong = (field: keyof Typed | 'value', message: string) => all.push({ field, message });
  if (!draft.title.trim()) wrong('title', t.record.titleMissing);
  if (draft.stageId !== before?.stageId && !stageOf(draft, reading)) wrong('stageId', forms.stageGone);
  if (draft.amount.trim() && reading.format.read(draft.amount) === null) wrong('value', unread(reading.format).message);
  if (isOpen(draft, reading) && draft.probability.trim() && percentOf(draft.probability, reading) === null) wrong('probability', t.record.wholePercent);
  if (draft.expectedCloseDate !== before?.expectedCloseDate && !isDay(draft.expectedCloseDate)) wrong('expectedCloseDate', forms.noDay);
  const long = tagsOf(draft.tags).find((tag) => [...tag].length > TAG);
  if (long) wrong('tags', forms.longTag(long, TAG));
  return invalid(all);
}
