import '@xyflow/react/dist/base.css';
import { Background, Controls, Handle, MarkerType, Position, ReactFlow, type Edge, type Node, type NodeProps } from '@xyflow/react';
import { useMemo } from 'react';
import { useWork } from '../app/session';
import { t } from '../app/texts';
import css from './flow.module.css';
import { place, thickness, type Flow } from './place';

const f = t.flow;
type StageNode = Node<{ node: Flow['nodes'][number]; stayed: string; worth: string }, 'stage'>;
const types = { stage: Stage };

/** Chart draws how records went. It is for the eye: the table below says the same. */
export default function Chart({ flow, name }: { flow: Flow; name: string }) {
  const { format } = useWork();
  const { nodes, edges } = useMemo(() => {
    const at = place(flow.nodes);
    const moves = flow.edges.filter(({ kind }) => kind === 'MOVE');
    const most = Math.max(0, ...moves.map(({ count }) => count));
    const nodes = flow.nodes.map((node): StageNode => ({
      id: node.stage.id, type: 'stage', position: at.get(node.stage.id)!, draggable: false, selectable: false, focusable: false,
      data: { node, worth: node.totals.slice(0, 2).map((total) => format.sum(total)).join(', '), stayed: node.averageSeconds === null ? '' : f.stayed(format.span(node.averageSeconds)) },
    }));
    const edges = moves.map(({ from, to, count, medianHours }): Edge => {
      const back = at.get(from!.id)!.x > at.get(to!.id)!.x;
      return {
        id: `${from!.id} ${to!.id}`, source: from!.id, target: to!.id, type: back ? 'smoothstep' : 'default', focusable: false, selectable: false,
        label: medianHours === null ? format.number(count) : f.edge(format.number(count), format.number(Number(medianHours))),
        style: { strokeWidth: thickness(count, most), stroke: back ? 'var(--warn)' : 'var(--line-strong)' }, labelStyle: { fill: 'var(--ink)' }, labelBgStyle: { fill: 'var(--surface)' }, labelBgPadding: [6, 3], labelBgBorderRadius: 6,
        markerEnd: { type: MarkerType.ArrowClosed, color: back ? 'var(--warn)' : 'var(--line-strong)' },
      };
    });
    return { nodes, edges };
  }, [flow, format]);
  return (
    <div className={css.chart} role="group" aria-label={f.chart(name)}>
      <ReactFlow nodes={nodes} edges={edges} nodeTypes={types} fitView minZoom={0.2} maxZoom={1.5} nodesConnectable={false} nodesFocusable={false} edgesFocusable={false} zoomOnScroll={false} preventScrolling={false}
        proOptions={{ hideAttribution: true }} ariaLabelConfig={{ 'controls.zoomIn.ariaLabel': f.zoomIn, 'controls.zoomOut.ariaLabel': f.zoomOut, 'controls.fitView.ariaLabel': f.fit }}>
        <Background color="var(--line-soft)" />
        <Controls showInteractive={false} />
      </ReactFlow>
    </div>
  );
}

function Stage({ data: { node, stayed, worth } }: NodeProps<StageNode>) {
  const { format } = useWork();
  return (
    <div className={css.node} style={{ borderBlockStartColor: node.stage.color }}>
      <Handle type="target" position={Position.Left} isConnectable={false} className={css.dock} />
      <strong>{node.stage.name}</strong>
      <span>{t.board.cards(node.count)}</span>
      {worth && <span className={css.faint}>{worth}</span>}
      {stayed && <span className={css.faint}>{stayed}</span>}
      <span className={css.faint}>{f.through(format.number(node.entered), format.number(node.left))}</span>
      <Handle type="source" position={Position.Right} isConnectable={false} className={css.dock} />
    </div>
  );
}
