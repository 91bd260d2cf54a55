import { DndContext, KeyboardSensor, MouseSensor, TouchSensor, closestCenter, useSensor, useSensors, type DragEndEvent } from '@dnd-kit/core';
import { SortableContext, arrayMove, sortableKeyboardCoordinates, useSortable, verticalListSortingStrategy } from '@dnd-kit/sortable';
import { GripVertical } from 'lucide-react';
import type { ReactNode } from 'react';
import { t } from '../app/texts';
import { pipelines } from '../app/texts/pipelines';
import { Button, cx } from '../ui/controls';
import css from './manage.module.css';

const p = pipelines;

interface SortableListProps<T> {
  items: readonly T[];
  id: (item: T) => string;
  name: (item: T) => string;
  label: string;
  onOrder: (items: T[]) => void;
  children: (item: T, index: number) => ReactNode;
}

/** SortableList is put into order by mouse, by finger, or by keys: Space on a handle lifts, the arrow keys move, Space puts down. */
export function SortableList<T>({ items, id, name, label, onOrder, children }: SortableListProps<T>) {
  const sensors = useSensors(
    useSensor(MouseSensor, { activationConstraint: { distance: 4 } }),
    useSensor(TouchSensor, { activationConstraint: { delay: 150, tolerance: 6 } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  );
  const at = (key: string | number) => items.findIndex((item) => id(item) === key);
  const called = (key: string | number) => {
    const item = items[at(key)];
    return item === undefined ? '' : name(item);
  };
  const end = ({ active, over }: DragEndEvent) => {
    if (over && active.id !== over.id) onOrder(arrayMove([...items], at(active.id), at(over.id)));
  };
  const announcements = {
    onDragStart: ({ active }: { active: { id: string | number } }) => t.board.drag.lifted(called(active.id)),
    onDragOver: ({ active, over }: { active: { id: string | number }; over: { id: string | number } | null }) => (over ? p.place(called(active.id), at(over.id) + 1, items.length) : undefined),
    onDragEnd: ({ active, over }: { active: { id: string | number }; over: { id: string | number } | null }) => (over ? p.place(called(active.id), at(over.id) + 1, items.length) : undefined),
    onDragCancel: ({ active }: { active: { id: string | number } }) => t.board.drag.cancelled(called(active.id)),
  };
  return (
    <DndContext sensors={sensors} collisionDetection={closestCenter} onDragEnd={end} accessibility={{ announcements, screenReaderInstructions: { draggable: p.dragHint } }}>
      <SortableContext items={items.map(id)} strategy={verticalListSortingStrategy}>
        <ol className={css.sortable} aria-label={label}>
          {items.map((item, index) => <Item key={id(item)} id={id(item)} name={name(item)}>{children(item, index)}</Item>)}
        </ol>
      </SortableContext>
    </DndContext>
  );
}

function Item({ id, name, children }: { id: string; name: string; children: ReactNode }) {
  const { setNodeRef, setActivatorNodeRef, attributes, listeners, transform, transition, isDragging } = useSortable({ id });
  const style = { transform: transform ? `translate3d(0, ${transform.y}px, 0)` : undefined, transition };
  return (
    <li ref={setNodeRef} style={style} className={cx(css.row, isDragging && css.dragging)}>
      <Button look="quiet" icon className={css.handle} ref={setActivatorNodeRef} {...attributes} {...listeners} aria-label={p.moveItem(name)}>
        <GripVertical size={16} aria-hidden />
      </Button>
      {children}
    </li>
  );
}
