import { useMutation, useQuery } from '@apollo/client/react';
import { Bookmark, Pencil, Plus, Save, Trash2, Users } from 'lucide-react';
import { useState } from 'react';
import { useLocation, useSearch } from 'wouter';
import { problemOf, sentence, type Problem } from '../app/problem';
import { useWork } from '../app/session';
import { t } from '../app/texts';
import { CreateSavedView, DeleteSavedView, SavedViews, UpdateSavedView } from '../gql/views';
import type { BoardView, SavedViewFieldsFragment } from '../gql/types';
import type { SortKey } from '../list/sorting';
import { useViewPath } from '../pipeline/view-path';
import { Button, TextField } from '../ui/controls';
import { Dialog, Menu, MenuItem, MenuLabel, MenuLine } from '../ui/overlays';
import { toast } from '../ui/toasts';
import ui from '../ui/ui.module.css';
import { addressOf, contentOf } from './address';
import css from './views.module.css';

const v = t.views;

/** SavedViewsMenu holds the views that were given a name: one's own, and those that others share. */
export default function SavedViewsMenu({ pipelineId, view, columns, sort, defaultOpen }: { pipelineId: string; view: BoardView; columns: readonly string[]; sort: readonly SortKey[]; defaultOpen: boolean }) {
  const { viewer, can } = useWork();
  const { data, refetch } = useQuery(SavedViews, { variables: { pipelineId }, fetchPolicy: 'cache-and-network' });
  const [update] = useMutation(UpdateSavedView);
  const [remove] = useMutation(DeleteSavedView);
  const [naming, setNaming] = useState<SavedViewFieldsFragment | 'new' | null>(null);
  const [removing, setRemoving] = useState<SavedViewFieldsFragment | null>(null);
  const viewPath = useViewPath();
  const search = useSearch();
  const [path, navigate] = useLocation();
  const views = data?.savedViews ?? [];
  const active = views.find(({ id }) => id === new URLSearchParams(search).get('view'));
  const mayChange = active && (active.ownerId === viewer.member?.id || (active.isShared && can('CAN_MANAGE_SETTINGS')));
  const content = () => contentOf(search, view, columns, sort);
  const open = (saved: Pick<SavedViewFieldsFragment, 'id' | 'filter' | 'sort' | 'columns' | 'view'>) => navigate(`${viewPath(pipelineId, saved.view)}?${addressOf(saved)}`);
  const fail = (error: unknown) => {
    const problem = problemOf(error);
    toast({ tone: 'bad', title: t.wrong.title, text: sentence(problem), requestId: problem.requestId });
    if (problem.code === 'CONFLICT') void refetch();
  };
  const overwrite = (saved: SavedViewFieldsFragment) =>
    void update({ variables: { input: { id: saved.id, ...content(), expectedVersion: saved.version } } }).then(() => toast({ title: v.updated(saved.name) }), fail);
  const drop = (saved: SavedViewFieldsFragment) =>
    void remove({ variables: { input: { id: saved.id } } }).then(() => {
      setRemoving(null);
      toast({ title: v.removed(saved.name) });
      const params = new URLSearchParams(search);
      params.delete('view');
      navigate(path + (params.size ? `?${params}` : ''), { replace: true });
      void refetch();
    }, fail);
  return (
    <>
      <Menu align="start" defaultOpen={defaultOpen} trigger={
        <Button look="quiet" aria-label={active ? v.menuOf(active.name) : v.menu} className={css.trigger}>
          <Bookmark size={16} aria-hidden fill={active ? 'currentColor' : 'none'} />
          {active && <span>{active.name}</span>}
        </Button>
      }>
        <MenuLabel>{v.menu}</MenuLabel>
        {views.length === 0 && <p className={css.none}>{v.none}</p>}
        {views.map((saved) => (
          <MenuItem key={saved.id} checked={saved.id === active?.id} onSelect={() => open(saved)}>
            {saved.name}
            {saved.isShared && <Users size={14} aria-label={v.sharedBy(saved.owner.name)} />}
          </MenuItem>
        ))}
        <MenuLine />
        <MenuItem onSelect={() => setNaming('new')}><Plus size={16} aria-hidden />{v.create}</MenuItem>
        {active && mayChange && (
          <>
            <MenuItem onSelect={() => overwrite(active)}><Save size={16} aria-hidden />{v.overwrite(active.name)}</MenuItem>
            <MenuItem onSelect={() => setNaming(active)}><Pencil size={16} aria-hidden />{v.rename}</MenuItem>
            <MenuItem onSelect={() => setRemoving(active)}><Trash2 size={16} aria-hidden />{v.remove}</MenuItem>
          </>
        )}
      </Menu>
      {naming && (
        <NameDialog saved={naming === 'new' ? null : naming} onClose={() => setNaming(null)} pipelineId={pipelineId} content={content()}
          onDone={(saved) => (setNaming(null), void refetch(), naming === 'new' && open(saved))} />
      )}
      {removing && (
        <Dialog open onClose={() => setRemoving(null)} title={v.removeTitle(removing.name)} description={removing.isShared ? v.removeShared : v.removeHint}
          foot={<><Button onClick={() => setRemoving(null)}>{t.cancel}</Button><Button look="danger" onClick={() => drop(removing)}>{t.remove}</Button></>} />
      )}
    </>
  );
}

interface NameProps {
  saved: SavedViewFieldsFragment | null;
  pipelineId: string;
  content: ReturnType<typeof contentOf>;
  onClose: () => void;
  onDone: (saved: SavedViewFieldsFragment) => void;
}

/** NameDialog names a view, new or old, and says who sees it. */
function NameDialog({ saved, pipelineId, content, onClose, onDone }: NameProps) {
  const [name, setName] = useState(saved?.name ?? '');
  const [isShared, setShared] = useState(saved?.isShared ?? false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [create, { loading }] = useMutation(CreateSavedView);
  const [update, { loading: updating }] = useMutation(UpdateSavedView);
  const submit = async () => {
    try {
      const made = saved
        ? (await update({ variables: { input: { id: saved.id, name, isShared, expectedVersion: saved.version } } })).data?.updateSavedView.savedView
        : (await create({ variables: { input: { name, isShared, pipelineId, ...content } } })).data?.createSavedView.savedView;
      if (made) onDone(made);
    } catch (error) {
      setProblem(problemOf(error));
    }
  };
  return (
    <Dialog open onClose={onClose} title={saved ? v.rename : v.create} description={saved ? undefined : v.createHint}>
      <form className={css.form} onSubmit={(event) => (event.preventDefault(), void submit())}>
        <TextField label={v.name} value={name} onChange={(e) => setName(e.target.value)} maxLength={100} autoFocus required wrong={problem ? (problem.details?.[0]?.message ?? sentence(problem)) : undefined} />
        <label className={css.check}><input type="checkbox" checked={isShared} onChange={(e) => setShared(e.target.checked)} />{v.share}</label>
        <div className={ui.dialogFoot}>
          <Button onClick={onClose}>{t.cancel}</Button>
          <Button type="submit" look="primary" disabled={!name.trim() || loading || updating}>{t.save}</Button>
        </div>
      </form>
    </Dialog>
  );
}
