import { useQuery } from '@apollo/client/react';
import { useCallback } from 'react';
import { useWork } from '../app/session';
import { Start } from '../gql/app';
import type { BoardView } from '../gql/types';

/** What each view adds to the address of its pipeline. */
export const viewPaths: Record<BoardView, string> = { KANBAN: '', LIST: '/list', FLOW: '/flow' };

/** useViewPath gives the address of a pipeline in the view in which its member saw it last. */
export function useViewPath(): (pipelineId: string, view?: BoardView) => string {
  const { path } = useWork();
  const { data } = useQuery(Start, { fetchPolicy: 'cache-only' });
  const kept = data?.preferences.viewByPipeline;
  return useCallback((id, view) => path(`pipelines/${id}`) + viewPaths[view ?? kept?.find(({ pipelineId }) => pipelineId === id)?.view ?? 'KANBAN'], [path, kept]);
}
