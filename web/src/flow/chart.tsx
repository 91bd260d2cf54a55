import '@xyflow/react/dist/base.css';
import { Background, BaseEdge, Controls, EdgeLabelRenderer, Handle, MarkerType, Position, ReactFlow, type Edge, type EdgeProps, type Node, type NodeProps } from '@xyflow/react';
import { useMemo } from 'react';
import { useWork } from '../app/session';
import { t } from '../app/texts';
import { flow } from '../app/texts/flow';
import { useNarrow } from '../ui/use-narrow';
import css from './flow.module.css';
import { LINE, TALL, WIDE, apart, curveOf, drawn, place, thickness, type Box, type Flow } from './place';

const f = flow;
type StageNode = Node<{ node: Flow['nodes'][number]; stayed: string; worth: string }, 'stage'>;
type WayEdge = Edge<{ label: string; path: string; box: Box | null }, 'way'>;
const types = { stage: Stage };
const ways = { way: Way };

/** Chart draws how records went. It is for the eye: the table below says the same. */
export default function Chart({ flow, name }: { flow: Flow; name: string }) {
  const { format } = useWork();
  const narrow = useNarrow();
  const { nodes, edges } = useMemo(() => {
    const at = place(flow.nodes, narrow);
    const order = new Map(flow.nodes.map(({ stage }, i) => [stage.id, i]));
    const moves = flow.edges.filter(({ kind, from, to }) => kind === 'MOVE' && at.has(from!.id) && at.has(to!.id));
    const most = Math.max(0, ...moves.map(({ count }) => count));
    const nodes = flow.nodes.map((node): StageNode => ({
      id: node.stage.id, type: 'stage', position: at.get(node.stage.id)!, draggable: false, selectable: false, focusable: false,
      data: { node, worth: node.totals.slice(0, 2).map((total) => format.sum(total)).join(', '), stayed: node.averageSeconds === null ? '' : f.stayed(format.span(node.averageSeconds)) },
    }));
    const drafts = moves.map(({ from, to, count, medianHours }) => ({
      curve: curveOf(at.get(from!.id)!, at.get(to!.id)!, narrow),
      text: medianHours === null ? format.number(count) : f.edge(format.number(count), format.span(Number(medianHours) * 3_600)),
    }));
    const boxes = apart(drafts, [...at.values()]);
    const edges = moves.map(({ from, to, count }, i): WayEdge => {
      const color = order.get(to!.id)! < order.get(from!.id)! ? 'var(--warn)' : 'var(--line-strong)';
      return {
        id: `${from!.id} ${to!.id}`, source: from!.id, target: to!.id, type: 'way', focusable: false, selectable: false,
        data: { label: drafts[i]!.text, path: drawn(drafts[i]!.curve), box: boxes[i]! },
        style: { strokeWidth: thickness(count, most), stroke: color }, markerEnd: { type: MarkerType.ArrowClosed, color, markerUnits: 'userSpaceOnUse', width: 22, height: 22 },
      };
    });
    return { nodes, edges };
  }, [flow, format, narrow]);
  return (
    <figure className={css.figure}>
      <div className={css.chart} role="group" aria-label={f.chart(name)}>
        <ReactFlow key={String(narrow)} nodes={nodes} edges={edges} nodeTypes={types} edgeTypes={ways} fitView fitViewOptions={{ padding: 0.06 }} minZoom={0.2} maxZoom={1.5} nodesConnectable={false} nodesFocusable={false} edgesFocusable={false} zoomOnScroll={false} preventScrolling={false}
          proOptions={{ hideAttribution: true }} ariaLabelConfig={{ 'controls.zoomIn.ariaLabel': f.zoomIn, 'controls.zoomOut.ariaLabel': f.zoomOut, 'controls.fitView.ariaLabel': f.fit }}>
          <Background color="var(--line-soft)" />
          <Controls showInteractive={false} {...(narrow && { orientation: 'horizontal', position: 'top-right' })} />
        </ReactFlow>
      </div>
      {edges.length > 0 && <figcaption>{f.legend} <span className={css.back}>{f.legendBack}</span></figcaption>}
    </figure>
  );
}

/** Way is a line from stage to stage; what it says lies above all lines. */
function Way({ data, style, markerEnd }: EdgeProps<WayEdge>) {
  if (!data) return null;
  const { box, label, path } = data;
  return (
    <>
      <BaseEdge path={path} {...(style && { style })} {...(markerEnd && { markerEnd })} />
      {box && (
        <EdgeLabelRenderer>
          <span className={css.way} data-way style={{ transform: `translate(${box.x}px, ${box.y}px)`, inlineSize: box.width, blockSize: LINE }}>{label}</span>
        </EdgeLabelRenderer>
      )}
    </>
  );
}

function Stage({ data: { node, stayed, worth } }: NodeProps<StageNode>) {
  const { format } = useWork();
  return (
    <div className={css.node} style={{ borderBlockStartColor: node.stage.color, inlineSize: WIDE, blockSize: TALL }}>
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
