import { invalid, type Problem } from '../app/problem';
import { pipelines as p } from '../app/texts/pipelines';
import type { Draft } from './draft';

/** The most hours that a card can be without activity before it is idle: a year. */
const HOURS = 24 * 365;

const whole = (text: string, least: number, most: number) => text.trim() === '' || (/^\d+$/.test(text.trim()) && Number(text) >= least && Number(text) <= most);

/** wrongIn finds what in a draft cannot be: nothing of it is sent. Fields are told as the server names them. */
export function wrongIn({ name, stale, stages }: Draft, number: (n: number) => string): Problem | null {
  const all: { field: string; message: string }[] = [];
  const wrong = (field: string, message: string) => all.push({ field: `input.${field}`, message });
  if (!name.trim()) wrong('name', p.nameMissing);
  if (!whole(stale, 1, HOURS)) wrong('staleAfterHours', p.wholeHours(number(HOURS)));
  stages.forEach(({ name, kind, probability }, i) => {
    if (!name.trim()) wrong(`stages[${i}].name`, p.nameMissing);
    if (kind === 'OPEN' && !whole(probability, 0, 100)) wrong(`stages[${i}].defaultProbability`, p.wholePercent);
  });
  return invalid(all);
}
