/** One event of a trace; times are in microseconds, `tdur` is what of `dur` the thread had a processor. */
export interface TraceEvent {
  name: string;
  cat: string;
  ph: string;
  ts: number;
  pid: number;
  tid: number;
  dur?: number;
  tdur?: number;
  args?: { frame_reporter?: { state: string } };
}

/** What a page did between two marks, all times in milliseconds. */
export interface Figures {
  /** Between one frame drawn and the next. */
  interval: Spread;
  presented: number;
  dropped: number;
  /** Tasks of the main thread, by the clock: with what other processes took from it. */
  task: Spread;
  /** The same by the processor time that they used. */
  taskCpu: Spread;
  /** The same without pre-paint, paint, layers and commit: script, style and layout. */
  taskOwn: Spread;
  /** Processor time of all tasks of the main thread from one of its frames to the next. */
  frameCpu: Spread;
}

export interface Spread {
  p50: number;
  p95: number;
  max: number;
  count: number;
  over50: number;
}

const DRAWING = new Set(['PrePaint', 'Paint', 'Layerize', 'Commit']);

/** figuresOf reads from a trace what happened between the marks "name: begin" and "name: end". */
export function figuresOf(events: readonly TraceEvent[], name: string): Figures {
  const [begin, end] = [markOf(events, `${name}: begin`), markOf(events, `${name}: end`)];
  const here = events.filter(({ pid, ts }) => pid === begin.pid && ts >= begin.ts && ts <= end.ts);
  const main = here.filter(({ tid }) => tid === begin.tid);
  const tasks = main.filter(({ name, ph }) => name === 'RunTask' && ph === 'X');
  if (tasks.length === 0) throw new Error('the trace has no tasks of the main thread');
  const draws = here.filter(({ name }) => name === 'DrawFrame').map(({ ts }) => ts).toSorted((a, b) => a - b);
  const states = here.filter(({ name, ph }) => name === 'PipelineReporter' && ph === 'b').map(({ args }) => args?.frame_reporter?.state ?? '');
  return {
    interval: spread(draws.slice(1).map((at, i) => at - draws[i]!)),
    presented: states.filter((state) => state.startsWith('STATE_PRESENTED')).length,
    dropped: states.filter((state) => state === 'STATE_DROPPED').length,
    task: spread(tasks.map(({ dur }) => dur ?? 0)),
    taskCpu: spread(tasks.map(cpu)),
    taskOwn: spread(withoutDrawing(tasks, main)),
    frameCpu: spread(perFrame(tasks, main)),
  };
}

export function markOf(events: readonly TraceEvent[], name: string): TraceEvent {
  const found = events.find((event) => event.name === name && event.cat.includes('blink.user_timing'));
  if (!found) throw new Error(`the trace has no mark "${name}"`);
  return found;
}

/** busyAfter tells how long after a mark the last task ended that took more than 50 ms: until then nobody could do much. */
export function busyAfter(events: readonly TraceEvent[], name: string): number {
  const { pid, tid, ts } = markOf(events, name);
  const long = events.filter((event) => event.name === 'RunTask' && event.pid === pid && event.tid === tid && (event.dur ?? 0) > 50_000);
  return Math.max(0, ...long.map((task) => (endOf(task) - ts) / 1000));
}

const cpu = ({ tdur, dur }: TraceEvent) => tdur ?? dur ?? 0;
const endOf = ({ ts, dur }: TraceEvent) => ts + (dur ?? 0);

/** withoutDrawing is the processor time of each task less that of the drawing inside of it. */
function withoutDrawing(tasks: readonly TraceEvent[], main: readonly TraceEvent[]): number[] {
  const drawing = main.filter(({ name, ph }) => ph === 'X' && DRAWING.has(name)).toSorted((a, b) => a.ts - b.ts || endOf(b) - endOf(a));
  // One phase may lie in another, which counts it already.
  const outer = drawing.filter((event, i) => !drawing.slice(Math.max(0, i - 8), i).some((other) => endOf(other) >= endOf(event)));
  return tasks.map((task) => cpu(task) - outer.filter(({ ts }) => ts >= task.ts && ts < endOf(task)).reduce((sum, event) => sum + cpu(event), 0));
}

function perFrame(tasks: readonly TraceEvent[], main: readonly TraceEvent[]): number[] {
  const frames = main.filter(({ name }) => name === 'BeginMainThreadFrame').map(({ ts }) => ts).toSorted((a, b) => a - b);
  const sums = frames.map(() => 0);
  let at = 0;
  for (const task of tasks.toSorted((a, b) => a.ts - b.ts)) {
    // The task that draws a frame ends what led to it.
    while (at < frames.length && frames[at]! < task.ts) at++;
    if (at < frames.length) sums[at]! += cpu(task);
  }
  return sums;
}

export function spread(micros: readonly number[]): Spread {
  const sorted = micros.map((each) => each / 1000).toSorted((a, b) => a - b);
  const at = (part: number) => sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? 0;
  return { p50: at(0.5), p95: at(0.95), max: at(1), count: sorted.length, over50: sorted.filter((each) => each > 50).length };
}

/** median gives of three runs the one in the middle, so that one bad moment of the machine does not count. */
export function median(of: readonly number[]): number {
  return of.toSorted((a, b) => a - b)[Math.floor(of.length / 2)] ?? 0;
}
