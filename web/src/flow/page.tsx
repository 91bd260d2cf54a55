import { useQuery } from '@apollo/client/react';
import { Suspense, useEffect, useMemo } from 'react';
import { isDay } from '../app/format';
import { problemOf } from '../app/problem';
import { useWork } from '../app/session';
import { useSavePreferences } from '../app/shell';
import { t } from '../app/texts';
import { flow } from '../app/texts/flow';
import { ClearFilters, FilterBar } from '../board/filter-bar';
import { asRecordFilter } from '../board/filters';
import page from '../board/page.module.css';
import { useAddress } from '../board/use-address';
import { useFeed } from '../board/use-feed';
import { FlowOf } from '../gql/flow';
import type { PipelineFieldsFragment } from '../gql/types';
import { Switcher } from '../pipeline/switcher';
import { ViewSwitch } from '../pipeline/view-switch';
import { Select, Skeleton, TextField } from '../ui/controls';
import { lazily } from '../ui/lazily';
import { Failure } from '../ui/states';
import css from './flow.module.css';
import { rangeOf, type Flow } from './place';

const Gone = lazily(() => import('../board/gone'));
const Chart = lazily(() => import('./chart'));
const f = flow;
const presets = [7, 30, 90, 365];

/** FlowPage shows how records went through a pipeline in a range of days, drawn and as tables. */
export default function FlowPage({ pipelineId, pipelines }: { pipelineId: string; pipelines: readonly PipelineFieldsFragment[] }) {
  const { viewer } = useWork();
  const { search, filters, go } = useAddress();
  const today = useMemo(() => new Intl.DateTimeFormat('en-CA', { timeZone: viewer.workspace.timezone }).format(new Date()), [viewer]);
  const params = new URLSearchParams(search);
  const named = (name: string) => {
    const text = params.get(name);
    return text && isDay(text) ? text : null;
  };
  const usual = rangeOf(30, today);
  const range = { from: named('from') ?? usual.from, to: named('to') ?? usual.to };
  const preset = presets.find((days) => range.to === today && rangeOf(days, today).from === range.from);
  const filter = asRecordFilter(filters);
  const { data, previousData, error, refetch } = useQuery(FlowOf, { variables: { pipelineId, filter, ...range }, fetchPolicy: 'cache-and-network' });
  const { feed, state } = useFeed(pipelineId, filter, 0, 1);
  const flow = (data ?? previousData)?.flow;
  const pipeline = state.board?.pipeline ?? pipelines.find(({ id }) => id === pipelineId);
  const save = useSavePreferences();
  useEffect(() => save({ lastPipelineId: pipelineId, lastTab: 'PIPELINES' }), [pipelineId, save]);
  useEffect(() => {
    document.title = pipeline ? `${pipeline.name} · ${t.product}` : t.product;
  }, [pipeline]);
  // What changes on the board changes the flow; changes that come together are read once.
  useEffect(() => {
    let late: ReturnType<typeof setTimeout> | undefined;
    const off = feed?.on((event) => {
      if (event.type === 'shuffle') return;
      clearTimeout(late);
      late = setTimeout(() => void refetch(), 400);
    });
    return () => (clearTimeout(late), off?.());
  }, [feed, refetch]);
  if (state.phase === 'gone') return <Gone pipelineId={pipelineId} problem={state.problem} />;
  const failure = (error: unknown) => <Failure problem={problemOf(error)} retry={() => void refetch()} action={<ClearFilters filters={filters} onChange={(change) => go(change, true)} />} />;
  return (
    <div className={page.page}>
      <header className={page.head}>
        <Switcher pipelines={pipelines} pipelineId={pipelineId} name={pipeline?.name ?? ''} />
        <ViewSwitch pipelineId={pipelineId} view="FLOW" />
        <FilterBar filters={filters} onChange={(change) => go(change, true)} />
      </header>
      <div className={css.range} role="group" aria-label={f.range}>
        <Select aria-label={f.range} value={preset ?? ''} onChange={(e) => go({ ...rangeOf(Number(e.target.value), today) }, true)}>
          {!preset && <option value="">{f.own}</option>}
          {presets.map((days) => <option key={days} value={days}>{f.lastDays(days)}</option>)}
        </Select>
        <TextField label={f.from} type="date" value={range.from} max={range.to} onChange={(e) => e.target.value && go({ from: e.target.value, to: range.to }, true)} />
        <TextField label={f.to} type="date" value={range.to} min={range.from} max={today} onChange={(e) => e.target.value && go({ from: range.from, to: e.target.value }, true)} />
      </div>
      {error && !flow ? failure(error) : !flow || !pipeline ? (
        <div className={css.body} role="status"><span className="hidden-visually">{t.loading}</span><Skeleton block={320} /></div>
      ) : (
        <div className={css.body}>
          {error && failure(error)}
          <Suspense fallback={<Skeleton block={420} />}>
            <Chart key={flow.nodes.map(({ stage }) => stage.id).join()} flow={flow} name={pipeline.name} />
          </Suspense>
          <Figures flow={flow} />
        </div>
      )}
    </div>
  );
}

/** Figures are what the chart shows, to be read. */
function Figures({ flow }: { flow: Flow }) {
  const { format } = useWork();
  const sums = (amounts: readonly { amount: string; currency: string }[]) => amounts.map((a) => format.sum(a)).join(', ') || '–';
  return (
    <>
      <div className={css.tableBox} tabIndex={0} role="region" aria-label={f.stages}>
        <table className={css.table}>
          <caption>{f.stages}</caption>
          <thead><tr><th scope="col">{t.record.stage}</th><th scope="col">{f.now}</th><th scope="col">{t.record.value}</th><th scope="col">{f.average}</th><th scope="col">{f.entered}</th><th scope="col">{f.left}</th></tr></thead>
          <tbody>
            {flow.nodes.map((node) => (
              <tr key={node.stage.id}>
                <th scope="row"><i style={{ background: node.stage.color }} aria-hidden />{node.stage.name}</th>
                <td>{format.number(node.count)}</td><td>{sums(node.totals)}</td><td>{node.averageSeconds === null ? '–' : format.span(node.averageSeconds)}</td>
                <td>{format.number(node.entered)}</td><td>{format.number(node.left)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <div className={css.tableBox} tabIndex={0} role="region" aria-label={f.ways}>
        <table className={css.table}>
          <caption>{f.ways}</caption>
          <thead><tr><th scope="col">{f.fromStage}</th><th scope="col">{f.toStage}</th><th scope="col">{f.count}</th><th scope="col">{t.record.value}</th><th scope="col">{f.median}</th></tr></thead>
          <tbody>
            {flow.edges.map((edge) => (
              <tr key={`${edge.kind} ${edge.from?.id} ${edge.to?.id}`}>
                <th scope="row">{edge.from?.name ?? f.outside}</th><td>{edge.to?.name ?? f.outside}</td><td>{format.number(edge.count)}</td><td>{sums(edge.values)}</td>
                <td>{edge.medianHours === null ? '–' : format.span(Number(edge.medianHours) * 3_600)}</td>
              </tr>
            ))}
            {flow.edges.length === 0 && <tr><td colSpan={5}>{f.still}</td></tr>}
          </tbody>
        </table>
      </div>
    </>
  );
}
