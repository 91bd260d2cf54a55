import type { ReactNode } from 'react';
import type { Work } from '../app/session';
import { t } from '../app/texts';
import type { PipelineFieldsFragment, RecordOrderField } from '../gql/types';
import { told } from '../record/reason';
import { Avatar, Badge } from '../ui/controls';
import type { EditField } from './edit';
import type { Row } from './rows';
import css from './list.module.css';

export interface Look {
  format: Work['format'];
  reasons: Work['reasons'];
  stages: ReadonlyMap<string, PipelineFieldsFragment['stages'][number]>;
}

/** A column of the list; its id is the name of a field of Record. */
export interface ListColumn {
  id: string;
  label: string;
  /** Of what there may be in it, in pixels. */
  width: number;
  sort?: RecordOrderField;
  edit?: EditField;
  end?: boolean;
  cell: (row: Row, look: Look) => ReactNode;
}

const r = t.record;
const l = t.list;

export const columns: readonly ListColumn[] = [
  { id: 'title', label: r.title, width: 280, sort: 'TITLE', edit: 'title', cell: (row) => <strong className={css.strong}>{row.title}</strong> },
  {
    id: 'stage', label: r.stage, width: 150, sort: 'STAGE',
    cell: (row, { stages }) => {
      const stage = stages.get(row.stageId);
      return stage && <Badge><i className={css.dot} style={{ background: stage.color }} aria-hidden />{stage.name}</Badge>;
    },
  },
  { id: 'value', label: r.value, width: 130, sort: 'VALUE', edit: 'value', end: true, cell: (row, { format }) => row.value && format.money(row.value) },
  {
    id: 'priority', label: r.priority, width: 110, sort: 'PRIORITY', edit: 'priority',
    cell: ({ priority }) => (priority === 'HIGH' || priority === 'URGENT' ? <Badge tone={priority === 'URGENT' ? 'bad' : 'warn'}>{t.board.priority[priority]}</Badge> : t.board.priority[priority]),
  },
  {
    id: 'owner', label: r.owner, width: 180, sort: 'OWNER_NAME', edit: 'owner',
    cell: ({ owner }) => (owner ? <span className={css.person}><Avatar of={owner} size={22} /><span>{owner.name}</span></span> : <span className={css.faint}>{t.nobody}</span>),
  },
  {
    id: 'expectedCloseDate', label: r.expectedClose, width: 150, sort: 'EXPECTED_CLOSE_DATE', edit: 'expectedCloseDate',
    cell: (row, { format }) => row.expectedCloseDate && <span className={row.isOverdue ? css.overdue : undefined}>{format.day(row.expectedCloseDate)}{row.isOverdue && <span className="hidden-visually"> ({t.board.overdue})</span>}</span>,
  },
  { id: 'probability', label: r.probability, width: 120, sort: 'PROBABILITY', end: true, cell: (row, { format }) => format.percent(row.probability) },
  { id: 'status', label: t.filters.status, width: 100, cell: (row) => <Badge tone={row.status === 'WON' ? 'good' : row.status === 'LOST' ? 'bad' : 'accent'}>{t.filters.statuses[row.status]}</Badge> },
  { id: 'lostReason', label: t.board.lostReason.label, width: 200, cell: (row, { reasons }) => <span className={css.cut}>{told(row, reasons)}</span> },
  { id: 'contactName', label: r.contact, width: 170, cell: (row) => <span className={css.cut}>{row.contact?.fullName ?? row.contactName}</span> },
  { id: 'companyName', label: r.company, width: 170, cell: (row) => <span className={css.cut}>{row.companyName}</span> },
  { id: 'tags', label: r.tags, width: 180, cell: (row) => <span className={css.tags}>{row.tags.map((tag) => <Badge key={tag}>{tag}</Badge>)}</span> },
  { id: 'number', label: l.number, width: 100, sort: 'NUMBER', end: true, cell: (row) => r.number(row.number) },
  { id: 'createdAt', label: l.createdAt, width: 170, sort: 'CREATED_AT', cell: (row, { format }) => format.moment(row.createdAt) },
  { id: 'updatedAt', label: l.updatedAt, width: 170, sort: 'UPDATED_AT', cell: (row, { format }) => format.moment(row.updatedAt) },
  { id: 'lastActivityAt', label: l.lastActivityAt, width: 170, sort: 'LAST_ACTIVITY_AT', cell: (row, { format }) => format.moment(row.lastActivityAt) },
];

export const firstColumns = ['title', 'stage', 'value', 'priority', 'owner', 'expectedCloseDate', 'companyName'];

/** chosen are the columns to show: those named, as far as there are such, and the title in any case. */
export function chosen(names: readonly string[] | undefined): string[] {
  const known = (names ?? []).filter((name) => columns.some(({ id }) => id === name));
  return known.length === 0 ? firstColumns : ['title', ...known.filter((name) => name !== 'title')];
}
