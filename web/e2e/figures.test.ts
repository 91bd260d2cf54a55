import { expect, it } from 'vitest';
import { busyAfter, figuresOf, median, spread, type TraceEvent } from './figures';

const event = (name: string, ts: number, more: Partial<TraceEvent> = {}): TraceEvent => ({ name, ts, cat: 'devtools.timeline', ph: 'X', pid: 1, tid: 2, ...more });
const mark = (name: string, ts: number) => event(name, ts, { cat: 'blink.user_timing', ph: 'I' });
const task = (ts: number, dur: number, tdur: number) => event('RunTask', ts, { dur, tdur });

it('tells between two marks what the page did, and what of it was its own', () => {
  const figures = figuresOf([
    task(0, 900_000, 900_000), // before
    mark('drag: begin', 1_000_000),
    task(1_000_100, 60_000, 8_000),
    task(1_070_000, 40_000, 30_000),
    event('BeginMainThreadFrame', 1_070_010, { ph: 'I' }),
    event('Paint', 1_080_000, { dur: 9_000, tdur: 6_000 }),
    event('Paint', 1_081_000, { dur: 2_000, tdur: 1_000 }), // inside of the other
    event('Commit', 1_100_000, { dur: 5_000, tdur: 4_000 }),
    event('RunTask', 1_100_000, { tid: 3, dur: 99_000, tdur: 99_000 }), // not the main thread
    ...[1_110_000, 1_126_000, 1_190_000].map((ts) => event('DrawFrame', ts, { tid: 3, ph: 'I' })),
    ...['STATE_PRESENTED_ALL', 'STATE_DROPPED', 'STATE_NO_UPDATE_DESIRED'].map((state) => event('PipelineReporter', 1_120_000, { ph: 'b', tid: 3, args: { frame_reporter: { state } } })),
    mark('drag: end', 1_200_000),
  ], 'drag');
  expect(figures.task).toMatchObject({ max: 60, over50: 1, count: 2 });
  expect(figures.taskCpu).toMatchObject({ max: 30, over50: 0 });
  expect(figures.taskOwn).toMatchObject({ max: 20 });
  expect(figures.frameCpu).toMatchObject({ max: 38, count: 1 });
  expect(figures.interval).toMatchObject({ p50: 16, max: 64, over50: 1 });
  expect([figures.presented, figures.dropped]).toEqual([1, 1]);
});

it('a trace without its marks is no measurement', () => {
  expect(() => figuresOf([task(0, 1, 1)], 'drag')).toThrow('no mark "drag: begin"');
  expect(() => figuresOf([mark('drag: begin', 0), mark('drag: end', 9)], 'drag')).toThrow('no tasks');
});

it('a page is busy until its last long task ends', () => {
  const card = mark('first card', 100_000);
  expect(busyAfter([task(0, 80_000, 0), card], 'first card')).toBe(0);
  expect(busyAfter([task(90_000, 60_000, 0), card, task(300_000, 70_000, 0), task(500_000, 40_000, 0)], 'first card')).toBe(270);
});

it('spreads and medians', () => {
  expect(spread([])).toEqual({ p50: 0, p95: 0, max: 0, count: 0, over50: 0 });
  expect(spread(Array.from({ length: 100 }, (_, i) => (i + 1) * 1000))).toEqual({ p50: 50, p95: 95, max: 100, count: 100, over50: 50 });
  expect(median([9, 1, 4])).toBe(4);
});
