import { useQuery } from '@apollo/client/react';
import { Bookmark, Columns3, Table2, Waypoints } from 'lucide-react';
import { Suspense, useState } from 'react';
import { Link, useSearch } from 'wouter';
import { useSavePreferences } from '../app/shell';
import { t } from '../app/texts';
import { Start } from '../gql/app';
import type { BoardView } from '../gql/types';
import type { SortKey } from '../list/sorting';
import { Button } from '../ui/controls';
import { lazily } from '../ui/lazily';
import { Boundary, Broken } from '../ui/states';
import css from './view-switch.module.css';
import { useViewPath } from './view-path';

const SavedViews = lazily(() => import('../views/menu'));

const icons = { KANBAN: Columns3, LIST: Table2, FLOW: Waypoints };

/** ViewSwitch goes between the views of a pipeline and keeps the filters; beside it are the views that were saved, loaded when they are asked for. */
export function ViewSwitch({ pipelineId, view, columns, sort }: { pipelineId: string; view: BoardView; columns?: readonly string[]; sort?: readonly SortKey[] }) {
  const viewPath = useViewPath();
  const params = new URLSearchParams(useSearch());
  const { data } = useQuery(Start, { fetchPolicy: 'cache-only' });
  const save = useSavePreferences();
  const [wanted, setWanted] = useState(false);
  params.delete('record');
  const search = params.size ? `?${params}` : '';
  const keep = (next: BoardView) => {
    const others = (data?.preferences.viewByPipeline ?? []).filter((v) => v.pipelineId !== pipelineId).map(({ pipelineId, view }) => ({ pipelineId, view }));
    save({ viewByPipeline: [...others.slice(-99), { pipelineId, view: next }] });
  };
  const closed = (
    <Button look="quiet" className={css.saved} aria-label={t.views.menu} aria-haspopup="menu" onClick={() => setWanted(true)}>
      <Bookmark size={16} aria-hidden />
    </Button>
  );
  return (
    <>
      <nav className={css.switch} aria-label={t.views.label}>
        {(Object.keys(icons) as BoardView[]).map((name) => {
          const Icon = icons[name];
          return (
            <Link key={name} href={viewPath(pipelineId, name) + search} aria-current={name === view ? 'page' : undefined} onClick={() => keep(name)}>
              <Icon size={16} aria-hidden />
              <span>{t.views.names[name]}</span>
            </Link>
          );
        })}
      </nav>
      {wanted || params.has('view') ? (
        <Boundary instead={(error, again, dismiss) => <>{closed}<Broken error={error} onAgain={again} onClose={() => (setWanted(false), dismiss())} /></>}>
          <Suspense fallback={closed}>
            <SavedViews pipelineId={pipelineId} view={view} columns={columns ?? []} sort={sort ?? []} defaultOpen={wanted} />
          </Suspense>
        </Boundary>
      ) : closed}
    </>
  );
}
