import { expect, it } from 'vitest';
import { days, isDay } from './day';

it('a day has a year of four digits, or is none', () => {
  expect(['', '2026-02-03', days.min, days.max].map(isDay)).toEqual([true, true, true, true]);
  expect(['0001-01-01', '0202-01-01', '0999-12-31', '20266-01-01', '2026'].map(isDay)).toEqual([false, false, false, false, false]);
});
