import { ChevronDown, LayoutList } from 'lucide-react';
import { useLocation } from 'wouter';
import { useWork } from '../app/session';
import { t } from '../app/texts';
import type { PipelineFieldsFragment } from '../gql/types';
import { Button } from '../ui/controls';
import { Menu, MenuItem, MenuLine } from '../ui/overlays';
import css from '../board/page.module.css';
import { useViewPath } from './view-path';

/** Switcher is the name of what is shown, and the way to another pipeline. */
export function Switcher({ pipelines, pipelineId, name }: { pipelines: readonly PipelineFieldsFragment[]; pipelineId: string; name: string }) {
  const { path, can } = useWork();
  const viewPath = useViewPath();
  const [, navigate] = useLocation();
  return (
    <div className={css.title}>
      <h1 className={css.name} title={name}>{name}</h1>
      <Menu align="start" trigger={<Button look="quiet" icon aria-label={t.shell.switchTo}><ChevronDown size={18} aria-hidden /></Button>}>
        {pipelines.map(({ id, name }) => (
          <MenuItem key={id} checked={id === pipelineId} onSelect={() => navigate(viewPath(id))}>{name}</MenuItem>
        ))}
        {can('CAN_MANAGE_PIPELINES') && (
          <>
            <MenuLine />
            <MenuItem onSelect={() => navigate(path('pipelines/manage'))}><LayoutList size={16} aria-hidden />{t.shell.managePipelines}</MenuItem>
          </>
        )}
      </Menu>
    </div>
  );
}
