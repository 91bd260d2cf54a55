import { LayoutList, Plus } from 'lucide-react';
import { Link, useLocation } from 'wouter';
import { useWork } from '../app/session';
import { t } from '../app/texts';
import type { PipelineFieldsFragment } from '../gql/types';
import { Badge, Skeleton } from '../ui/controls';
import css from './list.module.css';
import { useViewPath } from './view-path';

/** PipelineList is the way from board to board. */
export function PipelineList({ pipelines }: { pipelines: readonly PipelineFieldsFragment[] | undefined }) {
  const { path, can } = useWork();
  const viewPath = useViewPath();
  const [here] = useLocation();
  return (
    <>
      <h2 className={css.title}>{t.shell.pipelines}</h2>
      <ul className={css.list}>
        {!pipelines && [0, 1, 2].map((i) => <li key={i} className={css.wait}><Skeleton block={18} inline={`${80 - i * 15}%`} /></li>)}
        {pipelines?.map(({ id, name, isDefault, stages }) => {
          const board = path(`pipelines/${id}`);
          return (
            <li key={id}>
              <Link className={css.item} href={viewPath(id)} aria-current={here === board || here.startsWith(board + '/') ? 'page' : undefined}>
                <span className={css.stripes} aria-hidden>
                  {stages.slice(0, 4).map((stage) => <i key={stage.id} style={{ background: stage.color }} />)}
                </span>
                <span className={css.name}>{name}</span>
                {isDefault && <Badge>{t.shell.isDefault}</Badge>}
              </Link>
            </li>
          );
        })}
      </ul>
      {can('CAN_MANAGE_PIPELINES') && (
        <ul className={css.list}>
          <li><Link className={css.item} href={path('pipelines/new')} aria-current={here === path('pipelines/new') ? 'page' : undefined}><Plus size={16} aria-hidden />{t.shell.newPipeline}</Link></li>
          <li><Link className={css.item} href={path('pipelines/manage')} aria-current={here === path('pipelines/manage') ? 'page' : undefined}><LayoutList size={16} aria-hidden />{t.shell.managePipelines}</Link></li>
        </ul>
      )}
    </>
  );
}
