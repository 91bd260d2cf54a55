import { useMutation, useQuery } from '@apollo/client/react';
import { Copy, EllipsisVertical, Lock, Pencil, Plus, Star, Trash2, Undo2 } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { Link, useLocation } from 'wouter';
import { problemOf, sentence } from '../app/problem';
import { useWork } from '../app/session';
import { t } from '../app/texts';
import { pipelines } from '../app/texts/pipelines';
import { DeletedPipelines, PipelineSizes, ReorderPipelines, RestorePipeline, SetDefaultPipeline } from '../gql/manage';
import { Pipelines } from '../gql/pipeline';
import type { PipelineFieldsFragment } from '../gql/types';
import { Badge, Button } from '../ui/controls';
import { Menu, MenuItem, MenuLine } from '../ui/overlays';
import { State } from '../ui/states';
import { toast } from '../ui/toasts';
import ui from '../ui/ui.module.css';
import { DeleteDialog } from './delete';
import { DuplicateDialog } from './duplicate';
import css from './manage.module.css';
import { SortableList } from './sortable';

const p = pipelines;

/** fail tells in passing that something about pipelines was not done. */
export function fail(error: unknown) {
  const problem = problemOf(error);
  toast({ tone: 'bad', title: t.wrong.title, text: problem.code === 'CONFLICT' ? p.conflict : (problem.details?.[0]?.message ?? sentence(problem)), requestId: problem.requestId });
}

/** ManagePage puts pipelines into order, makes, copies and deletes them, and brings deleted ones back. */
export default function ManagePage({ pipelines }: { pipelines: readonly PipelineFieldsFragment[] }) {
  const { can, path, format } = useWork();
  const [, navigate] = useLocation();
  const allowed = can('CAN_MANAGE_PIPELINES');
  const { data: sizes, refetch: resize } = useQuery(PipelineSizes, { fetchPolicy: 'network-only', skip: !allowed });
  const { data: gone, refetch: refetchGone } = useQuery(DeletedPipelines, { fetchPolicy: 'network-only', skip: !allowed });
  const options = { refetchQueries: [Pipelines], awaitRefetchQueries: true };
  const [reorder] = useMutation(ReorderPipelines, options);
  const [setDefault] = useMutation(SetDefaultPipeline, options);
  const [restore] = useMutation(RestorePipeline, options);
  const [order, setOrder] = useState<readonly string[] | null>(null);
  const [removing, setRemoving] = useState<PipelineFieldsFragment | null>(null);
  const page = useRef<HTMLDivElement>(null);
  const [copying, setCopying] = useState<PipelineFieldsFragment | null>(null);
  useEffect(() => {
    document.title = `${t.shell.managePipelines} · ${t.product}`;
  }, []);
  if (!allowed) return <State icon={Lock} title={t.codes.FORBIDDEN!} actions={<Link className={ui.button} href={path('pipelines')}>{t.missing.home}</Link>}>{p.notYours}</State>;
  const byId = new Map(pipelines.map((pipeline) => [pipeline.id, pipeline]));
  const shown = order ? order.flatMap((id) => byId.get(id) ?? []) : pipelines;
  const count = (id: string) => sizes?.pipelines.find((size) => size.id === id)?.summary.recordCount;
  const arrange = (items: readonly PipelineFieldsFragment[]) => {
    const pipelineIds = items.map(({ id }) => id);
    setOrder(pipelineIds);
    reorder({ variables: { input: { pipelineIds } } }).catch(fail).finally(() => setOrder(null));
  };
  const back = (id: string, name: string) =>
    void restore({ variables: { input: { id } } }).then(({ data }) => {
      toast({ title: p.restored(name, data?.restorePipeline.recordCount ?? 0) });
      // Its button goes, and leaves the focus to the row that came.
      page.current?.querySelector<HTMLElement>(`a[href="${path(`pipelines/${id}`)}"]`)?.focus();
      void refetchGone();
      void resize();
    }, fail);
  return (
    <div ref={page} className={css.page}>
      <header className={css.top}>
        <div>
          <h1>{t.shell.managePipelines}</h1>
          <p className={css.faint}>{p.manageHint}</p>
        </div>
        <Link href={path('pipelines/new')} className={`${ui.button} ${ui.primary}`}><Plus size={16} aria-hidden />{t.shell.newPipeline}</Link>
      </header>
      <SortableList items={shown} id={({ id }) => id} name={({ name }) => name} label={t.shell.pipelines} onOrder={arrange}>
        {(pipeline) => (
          <>
            <div className={css.what}>
              <Link href={path(`pipelines/${pipeline.id}`)}>{pipeline.name}</Link>
              <span className={css.faint}>{p.stageCount(pipeline.stages.length)}{count(pipeline.id) !== undefined && ` · ${t.board.cards(count(pipeline.id)!)}`}</span>
            </div>
            {pipeline.isDefault && <Badge tone="accent">{t.shell.isDefault}</Badge>}
            <Link href={path(`pipelines/${pipeline.id}/edit`)} className={`${ui.button} ${ui.quiet}`} aria-label={p.editOf(pipeline.name)}><Pencil size={16} aria-hidden /><span className={css.wide}>{t.record.edit}</span></Link>
            <Menu trigger={<Button look="quiet" icon aria-label={p.actions(pipeline.name)}><EllipsisVertical size={16} aria-hidden /></Button>}>
              <MenuItem disabled={pipeline.isDefault} onSelect={() => void setDefault({ variables: { input: { id: pipeline.id } } }).catch(fail)}><Star size={16} aria-hidden />{p.makeDefault}</MenuItem>
              <MenuItem onSelect={() => setCopying(pipeline)}><Copy size={16} aria-hidden />{p.duplicate}</MenuItem>
              <MenuLine />
              <MenuItem onSelect={() => setRemoving(pipeline)}><Trash2 size={16} aria-hidden />{t.remove}</MenuItem>
            </Menu>
          </>
        )}
      </SortableList>
      {gone && gone.deletedPipelines.length > 0 && (
        <section className={css.section}>
          <h2>{p.deleted}</h2>
          <p className={css.faint}>{p.deletedHint}</p>
          <ul className={css.sortable}>
            {gone.deletedPipelines.map(({ id, name, deletedAt }) => (
              <li key={id} className={css.row}>
                <div className={css.what}><strong>{name}</strong><span className={css.faint}>{deletedAt && p.deletedAt(format.ago(deletedAt))}</span></div>
                <Button onClick={() => back(id, name)} aria-label={p.restoreOf(name)}><Undo2 size={16} aria-hidden />{p.restore}</Button>
              </li>
            ))}
          </ul>
        </section>
      )}
      {removing && (
        <DeleteDialog pipeline={removing} pipelines={pipelines} count={count(removing.id) ?? 0} onClose={() => setRemoving(null)}
          onDone={() => (setRemoving(null), void refetchGone(), void resize())} />
      )}
      {copying && <DuplicateDialog pipeline={copying} onClose={() => setCopying(null)} onDone={(id) => navigate(path(`pipelines/${id}`))} />}
    </div>
  );
}
