import type { Format } from './format';
import type { Problem } from './problem';
import { t } from './texts';

/** unread is the problem of amounts that cannot be understood, told at their fields. */
export function unread(format: Pick<Format, 'typed'>, ...fields: string[]): Problem {
  const message = t.amount.unread(format.typed('1234.50'));
  return { code: 'VALIDATION_FAILED', message, details: fields.map((field) => ({ field, code: 'VALIDATION_FAILED', message })) };
}
