import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Pace } from './pace';

let frames: (() => void)[];
let done: number;
let pace: Pace;
beforeEach(() => {
  [frames, done] = [[], 0];
  vi.useFakeTimers();
  vi.stubGlobal('document', { hidden: false });
  vi.stubGlobal('requestAnimationFrame', (then: () => void) => frames.push(then));
  pace = new Pace(() => {
    done++;
    pace.done();
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const frame = () => {
  frames.splice(0).forEach((then) => then());
  vi.runAllTimers();
};

it('what comes alone is done at once', () => {
  pace.soon();
  expect(done).toBe(1);
  frame();
  frame();
  expect(done).toBe(1);
  pace.soon();
  expect(done).toBe(2);
});

it('of many in one frame the first is done at once and the rest together, after the frame', () => {
  for (let i = 0; i < 100; i++) pace.soon();
  expect(done).toBe(1);
  frames.splice(0).forEach((then) => then());
  expect(done).toBe(1);
  vi.runAllTimers();
  expect(done).toBe(2);
  pace.soon();
  expect(done).toBe(2);
  frame();
  expect(done).toBe(3);
});

it('what was done otherwise is not done again', () => {
  pace.soon();
  pace.soon();
  pace.done();
  frame();
  expect(done).toBe(1);
});

it('a page that nobody sees has no frames to wait for', () => {
  pace.soon();
  vi.stubGlobal('document', { hidden: true });
  pace.soon();
  pace.soon();
  expect(done).toBe(3);
});
