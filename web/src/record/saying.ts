import type { Format } from '../app/format';
import { t } from '../app/texts';
import type { Names } from '../people/use-names';

/** saying tells in words what one commit did to one field; null for a field that tells nothing to a person. */
export function saying({ field, from, to }: { field: string; from: unknown; to: unknown }, known: Names, format: Format): string | null {
  const name = t.fields[field];
  if (!name) return null;
  const show = (value: unknown) => said(field, value, known, format);
  const [was, is] = [show(from), show(to)];
  if (was === null && is === null) return t.story.changed(name);
  if (was === null) return t.story.set(name, is!);
  if (is === null) return t.story.cleared(name, was);
  return t.story.fromToValue(name, was, is);
}

/** said is a value as people write it; null when there is none, or none that fits on a line. */
function said(field: string, value: unknown, known: Names, format: Format): string | null {
  if (value === null || value === undefined || value === '') return null;
  if (typeof value === 'number') return field === 'probability' ? format.percent(value) : format.number(value);
  if (Array.isArray(value)) return value.length > 0 && value.every((item) => typeof item === 'string') ? format.list(value) : null;
  if (typeof value === 'object') {
    const { amount, currency } = value as { amount?: unknown; currency?: unknown };
    return typeof amount === 'string' && typeof currency === 'string' ? format.money({ amount, currency }) : null;
  }
  if (typeof value !== 'string') return null;
  if (field === 'stageId') return known.stage(value) ?? t.story.hidden;
  if (field === 'pipelineId') return known.pipeline(value) ?? t.story.hidden;
  if (field === 'ownerId') return known.person(value) ?? t.story.hidden;
  if (field === 'lostReasonKey') return known.reason(value) ?? value;
  if (field === 'expectedCloseDate') return format.day(value);
  if (field === 'priority') return t.board.priority[value] ?? value;
  if (field === 'status') return t.filters.statuses[value] ?? value;
  if (field.endsWith('Id') && field !== 'externalId') return null;
  return value.length > 80 ? `${value.slice(0, 79)}…` : value;
}
