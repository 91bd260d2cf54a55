const HOUR = 3_600_000;

/** How far back the slider reaches, and in which steps. */
export const scales = {
  day: { reach: 24 * HOUR, step: HOUR / 4 },
  week: { reach: 7 * 24 * HOUR, step: HOUR },
  month: { reach: 30 * 24 * HOUR, step: 4 * HOUR },
  quarter: { reach: 91 * 24 * HOUR, step: 12 * HOUR },
} as const;

export type Scale = keyof typeof scales;

/** steps is how many places a scale has; the last one is now. */
export const steps = (scale: Scale) => Math.round(scales[scale].reach / scales[scale].step);

/** placeOf is where a time stands on a scale that ends now, kept on it. */
export function placeOf(scale: Scale, time: number, now: number): number {
  return Math.max(0, Math.min(steps(scale) - 1, steps(scale) - Math.round((now - time) / scales[scale].step)));
}

export const timeAt = (scale: Scale, place: number, now: number) => now - (steps(scale) - place) * scales[scale].step;

/** scaleFor is the smallest scale that reaches back to a time. */
export function scaleFor(time: number, now: number): Scale {
  const found = (Object.keys(scales) as Scale[]).find((scale) => now - time <= scales[scale].reach);
  return found ?? 'quarter';
}

/** readAt takes a time from an address, if it is one in the past. */
export function readAt(search: string, now: number): string | null {
  const time = Date.parse(new URLSearchParams(search).get('at') ?? '');
  return Number.isNaN(time) || time >= now ? null : new Date(time).toISOString();
}
