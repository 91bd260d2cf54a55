import { Inbox } from 'lucide-react';
import { Link } from 'wouter';
import type { Problem } from '../app/problem';
import { useWork } from '../app/session';
import { t } from '../app/texts';
import { State } from '../ui/states';
import ui from '../ui/ui.module.css';

const b = t.board;

/** Gone stands where a board was, or was looked for: only of one that ended while it was watched is it known that it was deleted. */
export default function Gone({ problem }: { problem: Problem | null }) {
  const { path } = useWork();
  const [title, hint] = problem ? [b.notFound, b.notFoundHint] : [b.gone, b.goneHint];
  return <State icon={Inbox} title={title} actions={<Link className={ui.button} href={path('pipelines')}>{t.missing.home}</Link>}>{hint}</State>;
}
