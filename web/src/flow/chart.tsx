import '@xyflow/react/dist/base.css';
import { Background, BaseEdge, Controls, EdgeLabelRenderer, Handle, MarkerType, Position, ReactFlow, getBezierPath, getSmoothStepPath, type Edge, type EdgeProps, type Node, type NodeProps } from '@xyflow/react';
import { useMemo, useSyncExternalStore } from 'react';
import { useWork } from '../app/session';
import { t } from '../app/texts';
import css from './flow.module.css';
import { apart, endsOf, place, spot, thickness, type Flow } from './place';

const f = t.flow;
type StageNode = Node<{ node: Flow['nodes'][number]; stayed: string; worth: string; narrow: boolean }, 'stage'>;
type WayEdge = Edge<{ label: string; back: boolean; down: number }, 'way'>;
const types = { stage: Stage };
const ways = { way: Way };
const small = window.matchMedia('(max-width: 40rem)');
const watchSmall = (view: () => void) => {
  small.addEventListener('change', view);
  return () => small.removeEventListener('change', view);
};

/** Chart draws how records went. It is for the eye: the table below says the same. */
export default function Chart({ flow, name }: { flow: Flow; name: string }) {
  const { format } = useWork();
  const narrow = useSyncExternalStore(watchSmall, () => small.matches);
  const { nodes, edges } = useMemo(() => {
    const at = place(flow.nodes, narrow);
    const moves = flow.edges.filter(({ kind }) => kind === 'MOVE');
    const most = Math.max(0, ...moves.map(({ count }) => count));
    const nodes = flow.nodes.map((node): StageNode => ({
      id: node.stage.id, type: 'stage', position: at.get(node.stage.id)!, draggable: false, selectable: false, focusable: false,
      data: { node, narrow, worth: node.totals.slice(0, 2).map((total) => format.sum(total)).join(', '), stayed: node.averageSeconds === null ? '' : f.stayed(format.span(node.averageSeconds)) },
    }));
    const along = narrow ? 'y' : 'x';
    const isBack = ({ from, to }: (typeof moves)[number]) => at.get(from!.id)![along] > at.get(to!.id)![along];
    const down = apart(moves.map((move) => {
      const ends = endsOf(at.get(move.from!.id)!, at.get(move.to!.id)!);
      return spot(ends, isBack(move), (ends.sourceY + ends.targetY) / 2);
    }));
    const edges = moves.map((move, i): WayEdge => {
      const { from, to, count, medianHours } = move;
      const back = isBack(move);
      return {
        id: `${from!.id} ${to!.id}`, source: from!.id, target: to!.id, type: 'way', focusable: false, selectable: false,
        data: { back, down: narrow ? 0 : down[i]!, label: medianHours === null ? format.number(count) : f.edge(format.number(count), format.number(Number(medianHours))) },
        style: { strokeWidth: thickness(count, most), stroke: back ? 'var(--warn)' : 'var(--line-strong)' },
        markerEnd: { type: MarkerType.ArrowClosed, color: back ? 'var(--warn)' : 'var(--line-strong)' },
      };
    });
    return { nodes, edges };
  }, [flow, format, narrow]);
  return (
    <div className={css.chart} role="group" aria-label={f.chart(name)}>
      <ReactFlow key={String(narrow)} nodes={nodes} edges={edges} nodeTypes={types} edgeTypes={ways} fitView fitViewOptions={{ padding: 0.06 }} minZoom={0.2} maxZoom={1.5} nodesConnectable={false} nodesFocusable={false} edgesFocusable={false} zoomOnScroll={false} preventScrolling={false}
        proOptions={{ hideAttribution: true }} ariaLabelConfig={{ 'controls.zoomIn.ariaLabel': f.zoomIn, 'controls.zoomOut.ariaLabel': f.zoomOut, 'controls.fitView.ariaLabel': f.fit }}>
        <Background color="var(--line-soft)" />
        <Controls showInteractive={false} {...(narrow && { orientation: 'horizontal', position: 'top-right' })} />
      </ReactFlow>
    </div>
  );
}

/** Way is a line from stage to stage; what it says lies above all lines. */
function Way({ data, sourceX, sourceY, sourcePosition, targetX, targetY, targetPosition, style, markerEnd }: EdgeProps<WayEdge>) {
  const ends = { sourceX, sourceY, sourcePosition, targetX, targetY, targetPosition };
  const back = data?.back ?? false;
  const [path, middleX, middleY] = back ? getSmoothStepPath(ends) : getBezierPath(ends);
  const { x, y } = sourcePosition === Position.Bottom ? { x: middleX, y: middleY } : spot(ends, back, middleY);
  return (
    <>
      <BaseEdge path={path} {...(style && { style })} {...(markerEnd && { markerEnd })} />
      <EdgeLabelRenderer>
        <span className={css.way} style={{ transform: `translate(-50%, -50%) translate(${x}px, ${y + (data?.down ?? 0)}px)` }}>{data?.label}</span>
      </EdgeLabelRenderer>
    </>
  );
}

function Stage({ data: { node, stayed, worth, narrow } }: NodeProps<StageNode>) {
  const { format } = useWork();
  return (
    <div className={css.node} style={{ borderBlockStartColor: node.stage.color }}>
      <Handle type="target" position={narrow ? Position.Top : Position.Left} isConnectable={false} className={css.dock} />
      <strong>{node.stage.name}</strong>
      <span>{t.board.cards(node.count)}</span>
      {worth && <span className={css.faint}>{worth}</span>}
      {stayed && <span className={css.faint}>{stayed}</span>}
      <span className={css.faint}>{f.through(format.number(node.entered), format.number(node.left))}</span>
      <Handle type="source" position={narrow ? Position.Bottom : Position.Right} isConnectable={false} className={css.dock} />
    </div>
  );
}
