import { median, type Figures } from './figures';
import type { Sum } from './tracing';

export interface Run {
  firstCard: number;
  interactive: number;
  traffic: Sum;
  open: Figures;
  drag: Figures;
  drop: Figures;
  storm: Figures;
}

const parts = { open: 'opening the board', drag: 'a drag over all columns, with auto-scroll', drop: 'the drop', storm: 'a drag while others make 100 moves' } as const;

const ms = (value: number) => value.toFixed(1);

/** report says what the runs came to: the median of their figures, and after a colon each maximum by itself. */
export function report(runs: readonly Run[]): string {
  const mid = (of: (run: Run) => number) => median(runs.map(of));
  const each = (of: (run: Run) => number) => `${ms(mid(of))} (${runs.map((run) => ms(of(run))).join(', ')})`;
  const { traffic } = runs.at(-1)!;
  const lines = [
    '', `A board of 1,000 cards, median of ${runs.length} runs, in ms; in brackets each run. "by the clock" counts what other processes took, "processor" does not,`,
    '"script, style, layout" is processor time without pre-paint, paint, layers and commit.', '',
    `first card ${each((run) => run.firstCard)}; interactive ${each((run) => run.interactive)}`,
    `${Math.round(traffic.bytes / 1000)} kB in ${traffic.requests} requests, ${Math.round(traffic.frames / 1000)} kB by websocket; queries: ${traffic.queries.join(', ')}; subscriptions: ${traffic.subscriptions.join(', ')}`,
  ];
  for (const [part, title] of Object.entries(parts)) {
    const of = (run: Run) => run[part as keyof typeof parts];
    lines.push(
      '', title,
      `  between frames          p50 ${ms(mid((run) => of(run).interval.p50))}  p95 ${ms(mid((run) => of(run).interval.p95))}  max ${each((run) => of(run).interval.max)}; ${mid((run) => of(run).presented)} presented, ${mid((run) => of(run).dropped)} dropped`,
      `  main thread per frame   p50 ${ms(mid((run) => of(run).frameCpu.p50))}  p95 ${ms(mid((run) => of(run).frameCpu.p95))}  max ${each((run) => of(run).frameCpu.max)} processor; ${mid((run) => of(run).frameCpu.over50)} over 50`,
      `  longest task            ${each((run) => of(run).task.max)} by the clock; ${mid((run) => of(run).task.over50)} over 50`,
      `                          ${each((run) => of(run).taskCpu.max)} processor; ${mid((run) => of(run).taskCpu.over50)} over 50`,
      `                          ${each((run) => of(run).taskOwn.max)} script, style, layout; ${mid((run) => of(run).taskOwn.over50)} over 50`,
    );
  }
  return lines.join('\n') + '\n\n';
}
