import { useQuery } from '@apollo/client/react';
import { Flag, MoveRight, Tag, Trash2, UserRound, X } from 'lucide-react';
import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { useKeys } from '../app/keys';
import { useWork } from '../app/session';
import { t } from '../app/texts';
import { countOf, type Selection } from '../board/selection';
import { People } from '../gql/app';
import type { PipelineFieldsFragment, Priority } from '../gql/types';
import type { BoardFeed } from '../live/feed';
import type { Replica } from '../live/replica';
import { Button } from '../ui/controls';
import { Menu, MenuItem, MenuLine } from '../ui/overlays';
import { SubMenu } from '../ui/submenu';
import css from './bulk.module.css';
import { Rehearsal } from './rehearsal';
import type { Wish } from './wish';

const k = t.bulk;

interface BarProps {
  feed: BoardFeed;
  board: Replica;
  selection: Selection;
  pipelines: readonly PipelineFieldsFragment[];
  /** Where a chosen card was put down: all that are chosen go there. */
  dropped: { stageId: string; afterId: string | null } | null;
  onDropped: () => void;
}

/** BulkBar says how many cards are chosen, and what can be done with them. */
export default function BulkBar({ feed, board, selection, pipelines, dropped, onDropped }: BarProps) {
  const { viewer, can } = useWork();
  const chosen = useSyncExternalStore(selection.subscribe, selection.snapshot);
  const { data } = useQuery(People);
  const [wish, setWish] = useState<Wish | null>(null);
  const target = dropped && board.pipeline.stages.find(({ id }) => id === dropped.stageId);
  useEffect(() => {
    if (!dropped) return;
    if (target) setWish({ do: 'move', to: target.name, toStageId: target.id, afterId: dropped.afterId });
    onDropped();
  }, [dropped, target, onDropped]);
  const bar = useRef<HTMLDivElement>(null);
  const back = useRef<string | undefined>(undefined);
  useKeys({
    Escape: selection.clear,
    b: () => {
      back.current ??= document.activeElement instanceof HTMLElement ? document.activeElement.dataset.title : undefined;
      bar.current?.querySelector('button')?.focus();
    },
  });
  // Whoever came here by a key is back where they were when nothing is chosen any more.
  useEffect(() => () => {
    const id = back.current;
    if (id) requestAnimationFrame(() => document.activeElement === document.body && document.querySelector<HTMLElement>(`[data-title="${id}"]`)?.focus());
  }, []);
  const people = can('CAN_ASSIGN_OTHERS') ? data?.members.nodes : data?.members.nodes.filter(({ id }) => id === viewer.member?.id);
  const others = pipelines.filter(({ id }) => id !== board.pipeline.id);
  const stages = (pipeline: PipelineFieldsFragment, other: boolean) =>
    pipeline.stages.map(({ id, name, color }) => (
      <MenuItem key={id} onSelect={() => setWish({ do: 'move', to: other ? `${pipeline.name}, ${name}` : name, toStageId: id, ...(other && { toPipelineId: pipeline.id }) })}>
        <i className={css.dot} style={{ background: color }} aria-hidden />{name}
      </MenuItem>
    ));
  return (
    <>
      <div className={css.bar} ref={bar} role="toolbar" aria-label={k.bar} data-tour="bulk">
        <span className={css.count} role="status">{k.count(countOf(chosen, board))}</span>
        <Menu align="start" trigger={<Button look="quiet"><MoveRight size={16} aria-hidden /><span>{k.move}</span></Button>}>
          {stages(board.pipeline, false)}
          {others.length > 0 && <MenuLine />}
          {others.length > 0 && <SubMenu label={k.otherPipeline}>{others.map((pipeline) => <SubMenu key={pipeline.id} label={pipeline.name}>{stages(pipeline, true)}</SubMenu>)}</SubMenu>}
        </Menu>
        <Menu align="start" trigger={<Button look="quiet"><UserRound size={16} aria-hidden /><span>{k.assign}</span></Button>}>
          <MenuItem onSelect={() => setWish({ do: 'assign', to: t.nobody, ownerId: null })}>{t.nobody}</MenuItem>
          {people?.map(({ id, name }) => <MenuItem key={id} onSelect={() => setWish({ do: 'assign', to: name, ownerId: id })}>{name}</MenuItem>)}
        </Menu>
        <Button look="quiet" onClick={() => setWish({ do: 'tag', add: [], remove: [] })}><Tag size={16} aria-hidden /><span>{k.tag}</span></Button>
        <Menu align="start" trigger={<Button look="quiet"><Flag size={16} aria-hidden /><span>{k.priority}</span></Button>}>
          {Object.entries(t.board.priority).map(([key, name]) => <MenuItem key={key} onSelect={() => setWish({ do: 'priority', to: name, priority: key as Priority })}>{name}</MenuItem>)}
        </Menu>
        {can('CAN_DELETE_DATA') && <Button look="quiet" onClick={() => setWish({ do: 'remove' })}><Trash2 size={16} aria-hidden /><span>{t.remove}</span></Button>}
        <Button look="quiet" icon aria-label={k.clear} onClick={selection.clear}><X size={18} aria-hidden /></Button>
      </div>
      {wish && <Rehearsal wish={wish} feed={feed} board={board} chosen={chosen} pipelines={pipelines} onClose={() => setWish(null)} onDone={() => (setWish(null), selection.clear())} />}
    </>
  );
}
