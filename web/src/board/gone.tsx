import { Inbox } from 'lucide-react';
import { useEffect } from 'react';
import { Link } from 'wouter';
import type { Problem } from '../app/problem';
import { useWork } from '../app/session';
import { t } from '../app/texts';
import { State } from '../ui/states';
import ui from '../ui/ui.module.css';

const b = t.board;

/**
 * Gone stands where a board was, or was looked for: only of one that ended while it was watched is it known that it was
 * deleted. The cache forgets it, or the way on could lead here again while the list of boards is being read anew.
 */
export default function Gone({ pipelineId, problem }: { pipelineId: string; problem: Problem | null }) {
  const { client, path } = useWork();
  useEffect(() => {
    client.cache.evict({ id: client.cache.identify({ __typename: 'Pipeline', id: pipelineId })! });
  }, [client, pipelineId]);
  const [title, hint] = problem ? [b.notFound, b.notFoundHint] : [b.gone, b.goneHint];
  return <State icon={Inbox} title={title} actions={<Link className={ui.button} href={path('pipelines')}>{t.missing.home}</Link>}>{hint}</State>;
}
