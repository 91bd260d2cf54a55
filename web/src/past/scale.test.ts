import { expect, it } from 'vitest';
import { placeOf, readAt, scaleFor, scales, steps, timeAt } from './scale';

const now = Date.parse('2026-11-21T12:00:00Z');

it('a place on the scale and its time are each other’s', () => {
  for (const scale of Object.keys(scales) as (keyof typeof scales)[]) {
    for (const place of [0, 1, steps(scale) - 1]) expect(placeOf(scale, timeAt(scale, place, now), now)).toBe(place);
  }
  expect(placeOf('day', 0, now)).toBe(0);
  expect(placeOf('day', now, now)).toBe(steps('day') - 1);
});

it('the scale reaches back to the time asked for', () => {
  expect(scaleFor(now - 1000, now)).toBe('day');
  expect(scaleFor(timeAt('week', 0, now), now)).toBe('week');
  expect(scaleFor(0, now)).toBe('quarter');
});

it('only a time in the past is taken from an address', () => {
  expect(readAt('?at=2026-11-20T08%3A00%3A00Z', now)).toBe('2026-11-20T08:00:00.000Z');
  expect(readAt('?at=2027-01-01', now)).toBeNull();
  expect(readAt('?at=soon', now)).toBeNull();
  expect(readAt('', now)).toBeNull();
});
